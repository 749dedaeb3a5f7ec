package mail

// invitations and sealed mail, first form
func (p *parser) invitations(text string) string { return text }
func (p *parser) sealed(text string) string      { return text }
func (p *parser) readTNEF(e entity) section      { p.attach(e); return section{} }
