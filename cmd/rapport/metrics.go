package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rapport/threads"
)

// serveMetrics shows the figures until ctx ends.
func (w *workers) serveMetrics(ctx context.Context) error {
	listener, err := net.Listen("tcp", w.house.config().Metrics.Listen)
	if err != nil {
		return fmt.Errorf("open metrics.listen: %w", err)
	}
	site := newSite(w.metrics())
	stop := context.AfterFunc(ctx, func() { site.Close() })
	defer stop()
	w.house.log.Info("metrics.started", "address", listener.Addr().String())
	if err := site.Serve(fewAtOnce(listener)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// metrics answers GET /metrics in the form of Prometheus. Names of mailboxes
// are the only names in it.
func (w *workers) metrics() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector{w, time.Now})
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: scrapeTime}))
	return mux
}

// scrapeTime bounds one look at everything.
const scrapeTime = 20 * time.Second

// figure is one metric.
type figure struct {
	*prometheus.Desc
	kind prometheus.ValueType
}

func gauge(name, help string, labels ...string) figure {
	return figure{prometheus.NewDesc("rapport_"+name, help, labels, nil), prometheus.GaugeValue}
}

// The figures; docs/operating.md says what each tells.
var (
	mailboxUp       = gauge("mailbox_up", "1 while nothing is wrong with the mailbox.", "mailbox")
	mailboxState    = gauge("mailbox_state", "1 for the state that the reading is in.", "mailbox", "state")
	mailboxContact  = gauge("mailbox_last_contact_seconds", "Seconds since the server answered last; none if it never did.", "mailbox")
	mailboxFiled    = gauge("mailbox_filed", "Mails of the mailbox in the archive.", "mailbox")
	mailboxTray     = gauge("mailbox_tray", "Those of them in the tray.", "mailbox")
	mailboxVanished = gauge("mailbox_vanished", "UIDs without a mail.", "mailbox")
	mailboxOwed     = gauge("mailbox_owed", "Mails on the server that could not be filed.", "mailbox")
	tokenEnds       = gauge("token_ends_timestamp_seconds", "When the login by token ends, in seconds since 1970; none if nobody knows.", "login")
	tokenTrouble    = gauge("token_trouble", "1 while a login by token does not work.", "login")
	trayMails       = gauge("tray_mails", "Mails that wait for a decision; at most 500 are counted.")
	outboxLetters   = gauge("outbox_letters", "Letters of the latest reports by state.", "state")
	reportsLate     = gauge("reports_late", "Projects whose report is late.")
	noticesByState  = gauge("notices", "Automatic mails of seven days by state.", "state")
	brakesPulled    = gauge("notices_held", "Automatic mails of seven days that a brake holds back.", "brake")
	logSize         = gauge("log_entries", "Lines of the log.")
	scrapeFailed    = gauge("scrape_failed", "1 if the archive could not be asked.")
)

// collector looks at everything when it is asked.
type collector struct {
	w   *workers
	now func() time.Time
}

// Describe names no metric: which there are depends on the configuration.
func (c collector) Describe(chan<- *prometheus.Desc) {}

// Collect gives the figures of this moment.
func (c collector) Collect(out chan<- prometheus.Metric) {
	put := func(f figure, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(f.Desc, f.kind, value, labels...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTime)
	defer cancel()
	err := c.collect(ctx, put)
	if err != nil {
		c.w.house.log.Error("metrics.failed", "error", err)
	}
	put(scrapeFailed, oneIf(err != nil))
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (c collector) collect(ctx context.Context, put func(figure, float64, ...string)) error {
	s, err := c.w.house.status(ctx, c.now())
	if err != nil {
		return err
	}
	for _, m := range s.Mailboxes {
		c.mailbox(&m, put)
	}
	if s.Sending != nil {
		token("smtp", s.Sending, put)
	}
	put(trayMails, float64(s.Mail.Tray))
	for state, n := range s.Outbox.States {
		put(outboxLetters, float64(n), string(state))
	}
	late := 0
	for _, r := range s.Reports {
		if r.Late {
			late++
		}
	}
	put(reportsLate, float64(late))
	for state, n := range s.Notices.States {
		put(noticesByState, float64(n), string(state))
	}
	for _, brake := range threads.Brakes { // all of them: an alert wants to see them rise from 0
		put(brakesPulled, float64(s.Notices.Brakes[brake]), string(brake))
	}
	size, _, err := c.w.house.store.LogHead(ctx)
	put(logSize, float64(size))
	return err
}

func (c collector) mailbox(m *mailboxStatus, put func(figure, float64, ...string)) {
	put(mailboxFiled, float64(m.Filed), m.Mailbox)
	put(mailboxTray, float64(m.Tray), m.Mailbox)
	put(mailboxVanished, float64(m.Vanished), m.Mailbox)
	put(mailboxOwed, float64(len(m.Owed)), m.Mailbox)
	if m.Login != nil {
		token(m.Mailbox, m.Login, put)
	}
	s, polled := c.w.status(m.Mailbox)
	if !polled {
		return // no longer in the configuration
	}
	put(mailboxUp, oneIf(s.Trouble == "" && s.State != "stopped"), m.Mailbox)
	put(mailboxState, 1, m.Mailbox, s.State)
	if !s.Seen.IsZero() {
		put(mailboxContact, c.now().Sub(s.Seen).Seconds(), m.Mailbox)
	}
}

func token(name string, l *loginStatus, put func(figure, float64, ...string)) {
	if l.By != "token" {
		return
	}
	put(tokenTrouble, oneIf(l.Trouble != ""), name)
	if !l.Ends.IsZero() {
		put(tokenEnds, float64(l.Ends.Unix()), name)
	}
}
