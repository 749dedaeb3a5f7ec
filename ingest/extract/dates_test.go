package extract

import (
	"rapport/threads"
	"testing"
	"time"
)

// The mails of these cases were written on Tuesday, 24 November 2026.
func TestDueDates(t *testing.T) {
	london := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	chicago := time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", -6*3600))
	for _, c := range []struct {
		text, language string
		at             time.Time
		want           string
	}{
		{"Please send it by Friday.", "en", london, "2026-11-27"},
		{"Please send it by Tuesday.", "en", london, "2026-12-01"}, // the next one, not today
		{"We need this before Monday morning.", "en", london, "2026-11-30"},
		{"Please finish by next Friday.", "en", london, "2026-12-04"},
		{"Please finish by Friday next week.", "en", london, "2026-12-04"},
		{"Please finish by Friday, 4 December.", "en", london, "2026-12-04"},
		{"Could we have it by the 3rd?", "en", london, "2026-12-03"},
		{"Could we have it by the 30th?", "en", london, "2026-11-30"},
		{"It has to be ready by 5 December.", "en", london, "2026-12-05"},
		{"It has to be ready by December 5th.", "en", london, "2026-12-05"},
		{"It has to be ready no later than 15 Jan.", "en", london, "2027-01-15"},
		{"Deadline is 2026-12-24, please keep it.", "en", london, "2026-12-24"},
		{"Please deliver by end of month.", "en", london, "2026-11-30"},
		{"Please deliver by the end of the month.", "en", london, "2026-11-30"},
		{"Please deliver by the end of January.", "en", london, "2027-01-31"},
		{"Please deliver by the end of the week.", "en", london, "2026-11-27"},
		{"Please deliver by the end of next week.", "en", london, "2026-12-04"},
		{"Please fix it today.", "en", london, "2026-11-24"},
		{"Please fix it by tomorrow noon.", "en", london, "2026-11-25"},
		{"Please answer within three days.", "en", london, "2026-11-27"},
		{"Please answer within two weeks.", "en", london, "2026-12-08"},
		{"Please publish it by 12/1.", "en", chicago, "2026-12-01"},
		{"Please publish it by 12/1.", "en", london, "2027-01-12"},
		{"Please publish it by 01/12/2026.", "en", london, "2026-12-01"},
		{"Please send it next week.", "en", london, ""},
		{"Please send it soon.", "en", london, ""},
		{"The parcel came on Friday.", "en", london, ""},
		{"Since Monday nothing works.", "en", london, ""},
		{"Please show half (1/2) of it.", "en", london, ""},

		{"请周五前发给我。", "zh", london, "2026-11-27"},
		{"请在下周五之前完成。", "zh", london, "2026-12-04"},
		{"下周三前必须改好。", "zh", london, "2026-12-02"},
		{"请本周四下班前给我。", "zh", london, "2026-11-26"},
		{"月底前上线。", "zh", london, "2026-11-30"},
		{"请在下月底之前交付。", "zh", london, "2026-12-31"},
		{"请于12月5日前提交。", "zh", london, "2026-12-05"},
		{"请于十二月五日前提交。", "zh", london, "2026-12-05"},
		{"5号之前要用。", "zh", london, "2026-12-05"},
		{"28号前给到。", "zh", london, "2026-11-28"},
		{"请明天中午前回复。", "zh", london, "2026-11-25"},
		{"后天之前改好。", "zh", london, "2026-11-26"},
		{"三天内修好。", "zh", london, "2026-11-27"},
		{"两周之内给方案。", "zh", london, "2026-12-08"},
		{"2027年1月8日前完成验收。", "zh", london, "2027-01-08"},
		{"2026-12-01前。", "zh", london, "2026-12-01"},
		{"年底前结清。", "zh", london, "2026-12-31"},
		{"上周五收到的。", "zh", london, ""},
		{"每周五发周报。", "zh", london, ""},
		{"下周发我。", "zh", london, ""},
		{"请尽快。", "zh", london, ""},

		{"Bitte bis Freitag.", "de", london, "2026-11-27"},
		{"Bitte bis zum 3. Dezember liefern.", "de", london, "2026-12-03"},
		{"Bitte bis 03.12. liefern.", "de", london, "2026-12-03"},
		{"Bitte bis Ende des Monats.", "de", london, "2026-11-30"},
		{"Bitte spätestens morgen.", "de", london, "2026-11-25"},
		{"Merci de livrer avant le 5 décembre.", "fr", london, "2026-12-05"},
		{"Il nous le faut pour vendredi.", "fr", london, "2026-11-27"},
		{"D'ici la fin du mois, s'il vous plaît.", "fr", london, "2026-11-30"},
		{"Lo necesitamos antes del 5 de diciembre.", "es", london, "2026-12-05"},
		{"Para el viernes, por favor.", "es", london, "2026-11-27"},
		{"By close of business on Friday, please.", "en", london, "2026-11-27"},
		{"We want it by EOD Thursday.", "en", london, "2026-11-26"},
		{"Please deliver by the 3rd of January.", "en", london, "2027-01-03"},
		{"Il nous le faut avant le 5.", "fr", london, "2026-12-05"},
		{"Hasta el 27, por favor.", "es", london, "2026-11-27"},
		{"Lo queremos antes del 30.", "es", london, "2026-11-30"},
		{"Graag voor vrijdag 4 december.", "nl", london, "2026-12-04"},
		{"Graag uiterlijk morgen.", "nl", london, "2026-11-25"},
		{"Voor de 5 nieuwe pagina's graag een foto.", "nl", london, ""},
		{"Sinds maandag werkt het niet.", "nl", london, ""},
		{"Ci serve entro venerdì.", "it", london, "2026-11-27"},
		{"Ci serve entro il 5 dicembre.", "it", london, "2026-12-05"},
		{"Ci serve entro fine mese.", "it", london, "2026-11-30"},
		{"Precisamos disso até sexta-feira.", "pt", london, "2026-11-27"},
		{"Precisamos disso até 5 de dezembro.", "pt", london, "2026-12-05"},
		{"Precisamos disso até o fim do mês.", "pt", london, "2026-11-30"},
		{"Ficamos com a quarta proposta.", "pt", london, ""},
		{"Нужно до пятницы.", "ru", london, "2026-11-27"},
		{"Нужно не позднее 5 декабря.", "ru", london, "2026-12-05"},
		{"Нужно к 27 числу.", "ru", london, "2026-11-27"},
		{"Нужно до конца месяца.", "ru", london, "2026-11-30"},
		{"В прошлый понедельник всё работало.", "ru", london, ""},
		{"金曜日までにお願いします。", "ja", london, "2026-11-27"},
		{"12月5日までにお送りください。", "ja", london, "2026-12-05"},
		{"来週の水曜までにお願いします。", "ja", london, "2026-12-02"},
		{"月末までに公開してください。", "ja", london, "2026-11-30"},
	} {
		if got := dueDate(c.text, c.language, c.at, deadlineDay); got != c.want {
			t.Errorf("%q (%s) is due %q, want %q", c.text, c.at.Format("-07"), got, c.want)
		}
	}
}

// A promise names its day without "by".
func TestPromisedDays(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"You will have the texts on Friday.":     "2026-11-27",
		"I'll send the photos tomorrow.":         "2026-11-25",
		"The payment goes out on 1 December.":    "2026-12-01",
		"We will send them some time next week.": "",
		"I'll send it after the meeting.":        "",
	} {
		if got := dueDate(text, "en", at, anyDay); got != want {
			t.Errorf("%q is due %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"Ik stuur je vrijdag de teksten.": "2026-11-27", "Morgen stuur ik de lijst.": "2026-11-25"} {
		if got := dueDate(text, "nl", at, anyDay); got != want {
			t.Errorf("%q is due %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"Завтра отправлю список.": "2026-11-25", "Тексты пришлю в среду.": "2026-11-25", "Послезавтра всё будет.": "2026-11-26"} {
		if got := dueDate(text, "ru", at, anyDay); got != want {
			t.Errorf("%q is due %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"素材我们周五发过去。": "2026-11-27", "明天给您。": "2026-11-25", "12月1号打款。": "2026-12-01", "回头发你。": ""} {
		if got := dueDate(text, "zh", at, anyDay); got != want {
			t.Errorf("%q is due %q, want %q", text, got, want)
		}
	}
}

// A request may name the day on which it shall be done.
func TestAgreedDays(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"Please send somebody on Monday.":                       "2026-11-30",
		"Please use the picture we sent on Monday and crop it.": "",
		"Please remove what was new on last Monday.":            "",
	} {
		if got := dueDate(text, "en", at, agreedDay); got != want {
			t.Errorf("%q is due %q, want %q", text, got, want)
		}
	}
}

// A mail written late in the evening in one zone belongs to the project's day.
func TestDueDayIsTheProjects(t *testing.T) {
	m := textMail("Please fix the map by tomorrow.")
	m.Date = time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)
	r := readMail(t, Input{Mail: m, Zone: time.FixedZone("", 8*3600)})
	if len(r.Items) != 1 || r.Items[0].Due != "2026-11-26" {
		t.Errorf("items %+v, want one due on 2026-11-26", r.Items)
	}
}

// The day by which a fault is to be mended is the fault's, also where the next
// sentence says it.
func TestDueDayOfAFault(t *testing.T) {
	for text, due := range map[string]string{
		"The map shows the wrong street. Please check it by Friday.":             "2026-11-27",
		"Die Karte geht immer noch nicht. Bitte prüfen Sie das bis Freitag.":     "2026-11-27",
		"地图打不开。请在周五前修复。":                                                         "2026-11-27",
		"The map must work by Thursday, it shows nothing at all. Please fix it.": "2026-11-26",
		"The map shows the wrong street. Please check it.":                       "",
	} {
		in := Input{Mail: textMail(text), Zone: time.UTC}
		in.Mail.Date = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		items := readMail(t, in).Items
		if len(items) != 1 || items[0].Kind != threads.Problem || items[0].Due != due {
			t.Errorf("%q gives %+v; want one problem, due %q", text, items, due)
		}
	}
}
