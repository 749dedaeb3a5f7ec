package archive

import (
	"html/template"
	"io"
	"time"

	"rapport/threads"
)

// page is read offline, in any browser: no script, nothing from elsewhere.
var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Project.Name}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root{color-scheme:light dark;--quiet:#555;--line:#ccc;--paper:#f5f5f3}
@media (prefers-color-scheme:dark){:root{--quiet:#aaa;--line:#444;--paper:#1e1e1e}}
body{font:16px/1.5 system-ui,sans-serif;max-width:50em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}
h1,h2,h3,h4{line-height:1.25;break-after:avoid}h2{margin-top:2.5em;border-top:3px solid var(--line);padding-top:.5em}h3,h4{margin-bottom:.2em}
pre{white-space:pre-wrap;background:var(--paper);padding:1em;font-size:.88em}
article+article{border-top:1px solid var(--line);margin-top:2em}
small{color:var(--quiet)}nav small{white-space:nowrap}li{margin:.3em 0}
@media print{:root{color-scheme:light;--quiet:#333;--paper:#fff}body{max-width:none;margin:0;font-size:11pt}pre{border:1px solid #999}a{color:inherit}}
</style></head><body>
<h1>{{.Project.Name}} ({{.Project.Key}})</h1>
<p>{{len .Messages}} mail{{if ne (len .Messages) 1}}s{{end}}{{with .From}} from {{.}}{{end}}{{with .To}} to {{.}}{{end}}{{with .Query}} with “{{.}}”{{end}}, exported {{.Made.UTC.Format "2006-01-02 15:04 UTC"}}.
The log {{.Origin}} had {{.Lines}} lines. Check this bundle with: <code>rapport verify FILE.zip --key KEY</code> or <code>python3 verify.py FILE.zip KEY</code>, with a key that you have from elsewhere.</p>
<nav><h2>Threads</h2><ol>{{range .Parts}}<li><a href="#{{.Thread.ID}}">{{.Thread.Subject}}</a> <small>{{len .Mails}} mail{{if ne (len .Mails) 1}}s{{end}}, {{.First.Format "2006-01-02"}} to {{.Last.Format "2006-01-02"}}</small></li>{{end}}</ol></nav>
{{range .Parts}}<section><h2 id="{{.Thread.ID}}">{{.Thread.Subject}}</h2>
{{range .Mails}}<article id="{{.M.ID}}">{{with .M.Erased}}<h3>Erased mail</h3>
<p>It was erased on {{.At.Format "2006-01-02 15:04 UTC"}} by {{.By}} ({{.Cause}}): {{.Reason}}<br>
<small><a href="proof/{{.Message}}.erased.tlog-proof">proof</a></small></p>{{else}}<h3>{{.M.Subject}}</h3>
<p>{{.M.Date.Format "2006-01-02 15:04 -0700"}} · {{.M.From.Name}} &lt;{{.M.From.Address}}&gt;{{if eq .M.Direction "out"}} · sent by us{{end}}{{if ne .M.Class "person"}} · {{.M.Class}}{{end}}<br>
{{with .M.To}}<small>to {{range $i, $a := .}}{{if $i}}, {{end}}{{or $a.Name $a.Address}}{{end}}</small><br>{{end}}
<small>SHA-256 {{.M.RawSHA}} · <a href="mail/{{.M.ID}}.eml">original</a> · <a href="proof/{{.M.ID}}.tlog-proof">proof</a></small></p>
<pre>{{.M.Text}}</pre>
{{with .Files}}<p>Attachments: {{range .}}<a href="{{.File}}">{{if .Name}}{{.Name}}{{else}}{{.Type}}{{end}}</a> {{end}}</p>{{end}}
{{if .Items}}<h4>Items</h4><ul>{{range .Items}}<li>{{.Label}} {{.Kind}}, {{.State}}: “{{.Text}}” <small><a href="proof/{{.ID}}.item.found.tlog-proof">proof</a></small>{{with .Answer}}<br>{{.Word}}, {{.By}}, {{.At.Format "2006-01-02"}}: {{.Reason}}{{with .Next}} {{.}}{{end}}{{with .Date}} ({{.}}){{end}}{{end}}</li>{{end}}</ul>{{end}}
{{with .M.Authentication}}<h4>Does it come from whom it says?</h4><p>{{.Reason}}{{with .Via}} It was sent by {{.}}.{{end}} Looked at {{.At.Format "2006-01-02 15:04 UTC"}}.{{with .Line}}<br><code>Authentication-Results: {{.}}</code>{{end}}
{{range .Signatures}}<br>{{if .Holds}}A signature of {{.Domain}} holds{{else}}A signature of {{.Domain}} does not hold: {{.Words}}{{end}}{{with .Key}}; the key was <code>{{.}}</code>{{end}}.{{end}}{{with .Policy}}<br>DNS: <code>{{.}}</code>{{end}}</p>{{end}}
{{if or .M.Evidence .Changes}}<h4>How it was filed</h4><ul>{{range .M.Evidence}}<li>{{.Kind}}: {{.Detail}}</li>{{end}}
{{range .Changes}}<li>{{.At.Format "2006-01-02 15:04"}} {{.Kind}} by {{.By}}{{if not .UndoneAt.IsZero}}, undone by {{.UndoneBy}}{{end}} <small><a href="proof/{{.ID}}.change.made.tlog-proof">proof</a></small></li>{{end}}</ul>{{end}}
{{with .Report}}<h4>How it was sent</h4><ul>{{range .}}<li>{{.Said.At.Format "2006-01-02 15:04:05 UTC"}} {{.Said.Type}} {{.Said.State}} <small>{{.Subject}}</small>{{if eq .Type "letter.delivery"}}: “{{.Value}}”{{end}} <small><a href="{{.Proof}}">proof</a></small></li>{{end}}</ul>{{end}}{{end}}
</article>{{end}}</section>{{end}}
{{with .Accounts}}<section><h2>The mailboxes</h2><p>What became of every mail in them, as it was signed for last:</p>
<ul>{{range .}}<li>{{.Said.At.Format "2006-01-02 15:04 UTC"}}: {{.Said.State}} <code>{{.Value}}</code> <small><a href="{{.Proof}}">proof</a></small></li>{{end}}</ul></section>{{end}}
</body></html>
`))

// part is a thread on the page, entry a mail.
type part struct {
	Thread threads.Thread
	Mails  []entry
}

// First and Last are when the first and the last of its mails came.
func (p part) First() time.Time { return p.Mails[0].M.Received }
func (p part) Last() time.Time  { return p.Mails[len(p.Mails)-1].M.Received }

type entry struct {
	M       *threads.Message
	Items   []threads.Item
	Changes []threads.Change
	Report  []BundledRecord // what the log says of its letters
	Files   []BundledFile
}

// page writes index.html.
func (p *packer) page() error {
	mails := p.entries()
	var parts []part
	for _, t := range p.Threads {
		if len(mails[t.ID]) > 0 {
			parts = append(parts, part{t, mails[t.ID]})
		}
	}
	return p.stream("index.html", func(w io.Writer) error {
		return page.Execute(w, struct {
			*Export
			Origin string
			Lines  int64
			Parts  []part

			Accounts []BundledRecord
		}{p.Export, p.manifest.Origin, p.size, parts, p.accounts()})
	})
}

// accounts are those of the mailboxes in which the mail lay.
func (p *packer) accounts() (out []BundledRecord) {
	for _, r := range p.manifest.Records {
		if r.Type == threads.EntryCoverage {
			out = append(out, r)
		}
	}
	return out
}

// entries gives the mail of each thread, with its items and what was decided.
func (p *packer) entries() map[string][]entry {
	items, changes := map[string][]threads.Item{}, map[string][]threads.Change{}
	for _, i := range p.Items {
		items[i.Message] = append(items[i.Message], i)
	}
	for _, c := range p.Changes {
		for _, m := range c.Messages {
			changes[m] = append(changes[m], c)
		}
	}
	reports := map[string][]BundledRecord{}
	for i, r := range p.manifest.Records {
		reports[p.mails[i]] = append(reports[p.mails[i]], r)
	}
	files := map[string][]BundledFile{}
	for _, m := range p.manifest.Messages {
		files[m.ID] = m.Attachments
	}
	out := map[string][]entry{}
	for i := range p.Messages {
		m := &p.Messages[i]
		out[m.Thread] = append(out[m.Thread], entry{m, items[m.ID], changes[m.ID], reports[m.ID], files[m.ID]})
	}
	return out
}
