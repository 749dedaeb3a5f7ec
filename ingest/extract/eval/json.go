package eval

import (
	"encoding/json"
	"math"
)

type tallyJSON struct {
	N         int     `json:"n"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

type fieldJSON struct {
	Accuracy float64 `json:"accuracy"`
	N        int     `json:"n"`
}

// MarshalJSON gives the figures as the annotation's own scorer does, rounded
// to three digits.
func (f Figures) MarshalJSON() ([]byte, error) {
	items, fields := map[string]tallyJSON{}, map[string]fieldJSON{}
	for k, t := range f.Items {
		items[k] = tallyOf(*t)
	}
	for k, r := range f.Fields {
		fields[k] = fieldJSON{round(r.Share()), r.Of}
	}
	return json.Marshal(struct {
		Cases   int                  `json:"cases"`
		Items   map[string]tallyJSON `json:"items"`
		Fields  map[string]fieldJSON `json:"fields"`
		NewText struct {
			Exact float64 `json:"exact"`
			tallyJSON
		} `json:"new_text"`
		Auto float64 `json:"auto"`
	}{
		f.Cases, items, fields,
		struct {
			Exact float64 `json:"exact"`
			tallyJSON
		}{round(f.Exact.Share()), tallyOf(f.Words)},
		round(f.Auto.Share()),
	})
}

func tallyOf(t Tally) tallyJSON {
	return tallyJSON{t.Found + t.Missed, round(t.Precision()), round(t.Recall()), round(t.F1())}
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }
