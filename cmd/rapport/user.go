package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"rapport/threads"
	"rapport/web/access"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Give a person of the configuration a password."`
	List    userListCmd    `cmd:"" help:"List who may come in, and what each may read."`
	Disable userDisableCmd `cmd:"" help:"Keep a person out from now on; open sessions end."`
	Reset   userResetCmd   `cmd:"" help:"Give a person a new password, and let them in again; open sessions end."`
}

type userAddCmd struct {
	Login string `arg:"" help:"The login under people in the configuration."`
}

func (c *userAddCmd) Run(e *env) error { return e.password(c.Login, false) }

type userResetCmd struct {
	Login string `arg:"" help:"The login under people in the configuration."`
}

func (c *userResetCmd) Run(e *env) error { return e.password(c.Login, true) }

// password sets the password of a person, who has one already or not.
func (e *env) password(login string, again bool) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	p := h.projects().Person(login)
	if p == nil {
		return fmt.Errorf("login %q: %w; name the person under people in the configuration first", login, threads.ErrNotFound)
	}
	login = strings.ToLower(p.Login)
	a, err := h.store.Account(e.ctx, login)
	if err != nil {
		return err
	}
	if has := a.Password != "" || !a.Disabled.IsZero(); has && !again {
		return fmt.Errorf("%w: %s has an account already; a new password comes with: rapport user reset %s", threads.ErrConflict, login, login)
	}
	password, err := readPassword(e.in, e.err)
	if err != nil {
		return err
	}
	if err := h.store.PutPassword(e.ctx, login, access.Hash(password, access.Usual)); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s (%s, %s) can sign in with the new password.\n", login, line(p.Name), p.Role)
	return nil
}

// readPassword asks for a password twice at a terminal, where it is not shown,
// or takes the first line of a file or a pipe. It never comes as an argument,
// which everybody on the machine could read.
func readPassword(in io.Reader, prompts io.Writer) (string, error) {
	f, isFile := in.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		text, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return checked(strings.TrimRight(text, "\r\n"))
	}
	var typed [2]string
	for i, prompt := range []string{"New password: ", "Once more: "} {
		fmt.Fprint(prompts, prompt)
		text, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(prompts)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		typed[i] = string(text)
	}
	if typed[0] != typed[1] {
		return "", usagef("the two passwords differ; nothing was changed")
	}
	return checked(typed[0])
}

func checked(password string) (string, error) {
	if err := access.CheckPassword(password); err != nil {
		return "", usagef("%v", err)
	}
	return password, nil
}

type userDisableCmd struct {
	Login string `arg:"" help:"The login."`
}

func (c *userDisableCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	login := strings.ToLower(c.Login)
	a, err := h.store.Account(e.ctx, login)
	if err != nil {
		return err
	}
	if h.projects().Person(login) == nil && a.Password == "" {
		return fmt.Errorf("login %q: %w; rapport user list shows who there is", c.Login, threads.ErrNotFound)
	}
	if err := h.store.Disable(e.ctx, login); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s is kept out; rapport user reset %s lets them in again.\n", login, login)
	return nil
}

type userListCmd struct {
	JSON bool `help:"Print JSON."`
}

// user is a person as `rapport user list` shows them.
type user struct {
	Login    string    `json:"login"`
	Name     string    `json:"name"`
	Role     string    `json:"role"`
	Projects []string  `json:"projects"` // keys
	State    string    `json:"state"`    // "active", "no password", "disabled", "ended" or "not configured"
	Seen     time.Time `json:"signed_in,omitzero"`
}

func (c *userListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	users, err := h.users(e)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.out, users)
	}
	t := table{head: []string{"LOGIN", "ROLE", "STATE", "SIGNED IN (UTC)", "NAME", "PROJECTS"}, empty: "Nobody is named under people in the configuration."}
	for _, u := range users {
		seen := "never"
		if !u.Seen.IsZero() {
			seen = u.Seen.UTC().Format("2006-01-02 15:04")
		}
		t.add(u.Login, u.Role, u.State, seen, u.Name, strings.Join(u.Projects, " "))
	}
	t.print(e.out)
	return nil
}

// users are the people of the configuration, and accounts whose person is gone
// from it.
func (h *house) users(e *env) ([]user, error) {
	accounts, err := h.store.Accounts(e.ctx)
	if err != nil {
		return nil, err
	}
	kept := map[string]threads.Account{}
	for _, a := range accounts {
		kept[a.Login] = a
	}
	users := []user{}
	add := func(u user, a threads.Account) error {
		u.Login = strings.ToLower(u.Login)
		switch {
		case !a.Disabled.IsZero():
			u.State = "disabled"
		case u.State == "" && a.Password == "":
			u.State = "no password"
		case u.State == "":
			u.State = "active"
		}
		delete(kept, u.Login)
		var err error
		u.Seen, err = h.store.LastSignIn(e.ctx, u.Login)
		users = append(users, u)
		return err
	}
	d := h.projects()
	for i := range d.People {
		p := &d.People[i]
		u := user{Login: p.Login, Name: p.Name, Role: p.Role, Projects: []string{}}
		for _, project := range d.Within(d.ScopeOf(p)).Projects {
			u.Projects = append(u.Projects, project.Key)
		}
		if p.Over(time.Now()) {
			u.State = "ended"
		}
		if err := add(u, kept[strings.ToLower(p.Login)]); err != nil {
			return nil, err
		}
	}
	for _, a := range accounts {
		if _, left := kept[a.Login]; left {
			if err := add(user{Login: a.Login, State: "not configured", Projects: []string{}}, a); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(users, func(a, b user) int { return strings.Compare(a.Login, b.Login) })
	return users, nil
}
