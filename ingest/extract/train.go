package extract

import (
	"math"
	"slices"
	"sync"
)

// Training of the two classifiers: multinomial logistic regression by
// stochastic descent with AdaGrad steps, averaged over the later rounds. Every
// sum and product is rounded to a float64 at once, so that the weights are the
// same bit by bit on every machine.
const (
	rounds   = 20
	runs     = 8  // each in another order: what one order happens to teach averages out
	dropped  = 30 // per cent of a sentence's features that a step leaves out: no word is learnt by heart
	step     = 0.05
	decay    = 1e-4
	minPairs = 2  // sentences in which a pair of words must have been seen
	topStep  = 40 // the largest weight; 127 gains nothing and makes the model larger
	minStep  = 3  // a feature whose weights are all smaller is left out
)

// Train makes the model of labelled sentences. The order of the examples is
// part of the input: the same examples in the same order give the same model.
func Train(examples []Example) *Model {
	words, kinded := make([][]uint32, len(examples)), make([][]uint32, len(examples))
	kinds, facet := make([]int, len(examples)), make([]int, len(examples))
	var f features
	for i, e := range examples {
		f.of(e.Text, e.Language, ruleFlags(e.Text, e.Language))
		words[i] = append([]uint32(nil), f.list...)
		f.kinded(e.Kind)
		kinded[i] = append([]uint32(nil), f.list...)
		kinds[i], facet[i] = classOf(e.Kind), facetOf(e.Facet)
		if e.Kind == none {
			facet[i] = -1 // no item, no facet
		}
	}
	var m Model
	var both sync.WaitGroup
	both.Go(func() { m.Kinds = train(words, kinds, len(classes)) })
	both.Go(func() { m.Facets = train(kinded, facet, len(facets)) })
	both.Wait()
	return &m
}

// learner is one classifier under training. The bias is the row behind those
// of the keys.
type learner struct {
	keys    []uint32
	rows    [][]int32 // of each example
	labels  []int
	classes int

	weights, squares, sums []float64
	share                  []float64
}

// train trains one classifier; examples of label -1 are left out.
func train(lists [][]uint32, labels []int, classes int) Linear {
	l := &learner{classes: classes, share: make([]float64, classes)}
	l.number(lists, labels)
	n := (len(l.keys) + 1) * classes
	l.sums = make([]float64, n)
	for run := range runs {
		l.weights, l.squares = make([]float64, n), make([]float64, n)
		l.run(xorshift(run + 1))
	}
	return l.quantise()
}

// run learns all examples in an order of its own, round by round, and adds up
// the weights of the later rounds.
func (l *learner) run(random xorshift) {
	order := make([]int, len(l.rows))
	for i := range order {
		order[i] = i
	}
	for round := range rounds {
		random.shuffle(order)
		for _, i := range order {
			l.learn(random.some(l.rows[i]), l.labels[i])
		}
		if round >= rounds/2 {
			for i, w := range l.weights {
				l.sums[i] += w
			}
		}
	}
}

// number gives every feature its row.
func (l *learner) number(lists [][]uint32, labels []int) {
	seen := map[uint32]int{}
	for i, list := range lists {
		if labels[i] >= 0 {
			for _, key := range list {
				seen[key]++
			}
		}
	}
	for key, n := range seen {
		if key&pairBit == 0 || n >= minPairs {
			l.keys = append(l.keys, key)
		}
	}
	slices.Sort(l.keys)
	for i, list := range lists {
		if labels[i] < 0 {
			continue
		}
		var row []int32
		for _, key := range list {
			if at, ok := slices.BinarySearch(l.keys, key); ok {
				row = append(row, int32(at))
			}
		}
		l.rows, l.labels = append(l.rows, append(row, int32(len(l.keys)))), append(l.labels, labels[i])
	}
}

// xorshift is a fixed row of numbers.
type xorshift uint64

func (x *xorshift) below(n int) int {
	*x ^= *x << 13
	*x ^= *x >> 7
	*x ^= *x << 17
	return int(uint64(*x) % uint64(n))
}

func (x *xorshift) shuffle(order []int) { // Fisher and Yates
	for i := len(order) - 1; i > 0; i-- {
		j := x.below(i + 1)
		order[i], order[j] = order[j], order[i]
	}
}

// some leaves out a part of the rows, but never the last one, the bias.
func (x *xorshift) some(rows []int32) []int32 {
	last := len(rows) - 1
	out := make([]int32, 0, len(rows))
	for _, r := range rows[:last] {
		if x.below(100) >= dropped {
			out = append(out, r)
		}
	}
	return append(out, rows[last])
}

// learn takes one step for one example.
func (l *learner) learn(rows []int32, label int) {
	p := l.share
	for c := range p {
		p[c] = 0
	}
	for _, r := range rows {
		for c := range p {
			p[c] += l.weights[int(r)*l.classes+c]
		}
	}
	softmax(p)
	p[label]--
	for _, r := range rows {
		for c := range p {
			i := int(r)*l.classes + c
			g := p[c] + float64(decay*l.weights[i])
			l.squares[i] += float64(g * g)
			l.weights[i] -= float64(float64(step*g) / math.Sqrt(1e-3+l.squares[i]))
		}
	}
}

// level takes a row's middle weight from all of them. What is the same for all
// classes tells nothing, and most weights become 0, which packs well.
func (l *learner) level() {
	order := make([]float64, l.classes)
	for r := 0; r < len(l.sums); r += l.classes {
		row := l.sums[r : r+l.classes]
		copy(order, row)
		slices.Sort(order)
		for c := range row {
			row[c] -= order[l.classes/2]
		}
	}
}

// quantise maps the summed weights to small numbers and leaves
// out features that say nothing.
func (l *learner) quantise() Linear {
	l.level()
	top := 0.0
	for _, v := range l.sums {
		top = max(top, v, -v)
	}
	out := Linear{Classes: l.classes, Scale: float64(top/topStep) / (runs * (rounds - rounds/2))}
	if top == 0 {
		top = 1
	}
	for r := 0; r <= len(l.keys); r++ {
		row := make([]int8, l.classes)
		tells := false
		for c := range row {
			row[c] = int8(math.Round(float64(l.sums[r*l.classes+c]*topStep) / top))
			if row[c] == 1 || row[c] == -1 { // next to nothing, and a third of the model's bytes
				row[c] = 0
			}
			tells = tells || row[c] >= minStep || row[c] <= -minStep
		}
		switch {
		case r == len(l.keys):
			out.Bias = row
		case tells:
			out.Keys, out.Weights = append(out.Keys, l.keys[r]), append(out.Weights, row...)
		}
	}
	out.index()
	return out
}
