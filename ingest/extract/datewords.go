package extract

import "time"

// The words by which western languages name days.

var monthNames = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	"januar": 1, "jänner": 1, "februar": 2, "märz": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10, "dezember": 12,
	"janvier": 1, "février": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
	"gennaio": 1, "febbraio": 2, "aprile": 4, "maggio": 5, "giugno": 6, "luglio": 7, "settembre": 9, "ottobre": 10, "dicembre": 12,
	"januari": 1, "februari": 2, "maart": 3, "mei": 5, "augustus": 8,
	"janeiro": 1, "fevereiro": 2, "março": 3, "maio": 5, "junho": 6, "julho": 7, "setembro": 9, "outubro": 10, "novembro": 11, "dezembro": 12,
	"января": 1, "февраля": 2, "марта": 3, "апреля": 4, "мая": 5, "июня": 6, "июля": 7, "августа": 8, "сентября": 9, "октября": 10, "ноября": 11, "декабря": 12,
}

var weekdayNames = map[string]time.Weekday{
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 0,
	"mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5,
	"montag": 1, "dienstag": 2, "mittwoch": 3, "donnerstag": 4, "freitag": 5, "samstag": 6, "sonnabend": 6, "sonntag": 0,
	"lundi": 1, "mardi": 2, "mercredi": 3, "jeudi": 4, "vendredi": 5, "samedi": 6, "dimanche": 0,
	"lunes": 1, "martes": 2, "miércoles": 3, "jueves": 4, "viernes": 5, "sábado": 6, "domingo": 0,
	"lunedì": 1, "martedì": 2, "mercoledì": 3, "giovedì": 4, "venerdì": 5, "sabato": 6, "domenica": 0,
	"maandag": 1, "dinsdag": 2, "woensdag": 3, "donderdag": 4, "vrijdag": 5, "zaterdag": 6, "zondag": 0,
	"segunda-feira": 1, "terça-feira": 2, "quarta-feira": 3, "quinta-feira": 4, "sexta-feira": 5, "terça": 2, "quarta": 3, "quinta": 4, "sexta": 5,
	"понедельник": 1, "понедельника": 1, "понедельнику": 1, "вторник": 2, "вторника": 2, "вторнику": 2, "среду": 3, "среды": 3, "среде": 3,
	"четверг": 4, "четверга": 4, "четвергу": 4, "пятницу": 5, "пятницы": 5, "пятнице": 5, "субботу": 6, "субботы": 6, "субботе": 6, "воскресенье": 0, "воскресенья": 0, "воскресенью": 0,
}

// wordDate is a word or phrase that names a day by itself.
var wordDates = []struct {
	words string
	day   func(d *dateReader) time.Time
}{
	{"day after tomorrow", days(2)}, {"übermorgen", days(2)}, {"après-demain", days(2)}, {"pasado mañana", days(2)},
	{"overmorgen", days(2)}, {"dopodomani", days(2)}, {"depois de amanhã", days(2)}, {"послезавтра", days(2)},
	{"tomorrow", days(1)}, {"demain", days(1)}, {"mañana", days(1)}, {"domani", days(1)}, {"amanhã", days(1)}, {"завтра", days(1)},
	{"tonight", days(0)}, {"today", days(0)}, {"this afternoon", days(0)}, {"this evening", days(0)}, {"heute", days(0)}, {"aujourd'hui", days(0)}, {"hoy", days(0)},
	{"vandaag", days(0)}, {"oggi", days(0)}, {"hoje", days(0)}, {"сегодня", days(0)},
	{"end of the month", monthEnd}, {"end of this month", monthEnd}, {"end of month", monthEnd}, {"month's end", monthEnd}, {"month end", monthEnd},
	{"ende des monats", monthEnd}, {"monatsende", monthEnd}, {"fin du mois", monthEnd}, {"fin de mes", monthEnd}, {"final de mes", monthEnd}, {"finales de mes", monthEnd},
	{"eind van de maand", monthEnd}, {"einde van de maand", monthEnd}, {"fine mese", monthEnd}, {"fine del mese", monthEnd}, {"fim do mês", monthEnd}, {"final do mês", monthEnd}, {"конца месяца", monthEnd}, {"концу месяца", monthEnd},
	{"end of next month", nextMonthEnd}, {"fin du mois prochain", nextMonthEnd},
	{"end of the week", weekEnd(0)}, {"end of this week", weekEnd(0)}, {"end of next week", weekEnd(1)}, {"ende der woche", weekEnd(0)}, {"ende nächster woche", weekEnd(1)},
	{"fin de la semaine", weekEnd(0)}, {"fin de semana", weekEnd(0)}, {"end of the year", yearEnd}, {"year's end", yearEnd}, {"end of year", yearEnd}, {"jahresende", yearEnd},
	{"eind van de week", weekEnd(0)}, {"fine settimana", weekEnd(0)}, {"final da semana", weekEnd(0)}, {"конца недели", weekEnd(0)}, {"концу недели", weekEnd(0)},
	{"fine anno", yearEnd}, {"fim do ano", yearEnd}, {"конца года", yearEnd}, {"концу года", yearEnd}, {"eind van het jaar", yearEnd},
}

// deadlineBefore are the words before a day that make it a deadline.
var deadlineBefore = []string{"deadline", "deadline is", "deadline ist", "frist ist", "due date is", "due date", "fecha límite", "date limite", "by", "before", "until", "till", "latest", "than", "due", "due on", "for", "bis", "bis zum", "vor", "vor dem", "spätestens", "spätestens am", "avant",
	"avant le", "d'ici", "d'ici le", "d'ici à", "jusqu'au", "pour", "pour le", "au plus tard", "au plus tard le", "antes del", "antes de", "antes", "para el", "para", "hasta el", "by the", "before the",
	"until the", "till the", "no later than", "by end of", "by the end of", "entro", "by this", "by next", "by coming", "by this coming", "bis zum ende", "bis", "bis ende", "by latest",
	"voor", "vóór", "tegen", "tot", "uiterlijk", "uiterlijk op", "entro", "entro il", "entro la", "entro e non oltre il", "non oltre il", "prima di", "prima del", "per il", "até", "até o", "até a", "até dia", "até o dia", "antes do", "antes da", "para o", "para a", "o mais tardar",
	"до", "к", "ко", "не позднее", "не позже"}

// beforeDeadline are words that may stand between those and the day: "by the
// close of business on Friday".
var beforeDeadline = map[string]bool{"the": true, "this": true, "on": true, "next": true, "of": true, "end": true, "close": true, "business": true, "cob": true, "eod": true, "eob": true, "play": true, "noon": true, "morning": true, "evening": true,
	"dem": true, "der": true, "den": true, "le": true, "la": true, "el": true, "de": true, "o": true, "a": true, "il": true}
