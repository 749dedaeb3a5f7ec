// Rapport is a program for client communication by e-mail: it files client
// mail into project threads, pulls out what each client wants, and sends
// reports that answer it.
//
// This package is the only place where everything meets: it reads the
// configuration, opens the store and wires the rooms together, one file per
// subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // projects name time zones; the machine may have none installed

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// cli is the command line. Every subcommand is a struct with a Run method.
type cli struct {
	Config string `short:"c" default:"rapport.yaml" env:"RAPPORT_CONFIG" placeholder:"FILE" help:"The configuration; rapport.yaml unless named."`

	Demo        demoCmd        `cmd:"" help:"Show the main job with a mail server inside, then serve the pages."`
	Serve       serveCmd       `cmd:"" help:"Read mailboxes, send letters and show the pages until SIGTERM."`
	Poll        pollCmd        `cmd:"" help:"Read the mailboxes now."`
	Import      importCmd      `cmd:"" help:"Take in mbox files, Maildirs, folders of .eml files or single mails."`
	Report      reportCmd      `cmd:"" help:"Write, check, approve and send reports."`
	Thread      threadCmd      `cmd:"" help:"Read threads."`
	Items       itemsCmd       `cmd:"" help:"List what clients asked for, reported, decided and said, and correct it."`
	Search      searchCmd      `cmd:"" help:"Find mail by its words."`
	Tray        trayCmd        `cmd:"" help:"Decide about mail that could not be filed with certainty."`
	Undo        undoCmd        `cmd:"" help:"Take back a change: filing, contact, dismissal, split, merge, reading again, correction."`
	Changes     changesCmd     `cmd:"" help:"List what was decided by hand, the latest first."`
	Reread      rereadCmd      `cmd:"" help:"Read stored mail again by this program, and show what would change."`
	Login       loginCmd       `cmd:"" help:"Log in by token to a mailbox, or to smtp, where no password is taken."`
	Doctor      doctorCmd      `cmd:"" help:"Look at every server, login and domain, and say what to mend."`
	Status      statusCmd      `cmd:"" help:"Show how mailboxes, letters and reports stand."`
	Extract     extractCmd     `cmd:"" help:"Read one raw mail and print what it says as JSON."`
	Eval        evalCmd        `cmd:"" help:"Hold the reading of mails against annotated ones."`
	User        userCmd        `cmd:"" help:"Say who may sign in to the pages."`
	Key         keyCmd         `cmd:"" help:"Make and show the key that signs the log."`
	Log         logCmd         `cmd:"" help:"Go on with a log whose end is lost."`
	Checkpoint  checkpointCmd  `cmd:"" help:"Sign the log as it is now, and print the signed checkpoint."`
	Witness     witnessCmd     `cmd:"" help:"Watch a log from outside: check that it only grew, and cosign it."`
	Verify      verifyCmd      `cmd:"" help:"Hold the whole store against its log, or check a bundle."`
	Export      exportCmd      `cmd:"" help:"Write a bundle of a project's mail that proves itself without Rapport."`
	Erase       eraseCmd       `cmd:"" help:"Erase mail for good, as somebody may ask; first tells what would go."`
	Hold        holdCmd        `cmd:"" help:"Keep mail from being erased, and list what is kept."`
	Retention   retentionCmd   `cmd:"" help:"List mail whose time is over, and erase it."`
	Backup      backupCmd      `cmd:"" help:"Copy the running store into a folder, and verify the copy."`
	Restore     restoreCmd     `cmd:"" help:"Put a backup in the place of a store that is gone."`
	CheckConfig checkConfigCmd `cmd:"" help:"Print the effective settings, or every problem of the configuration."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

// env is what a subcommand works with.
type env struct {
	ctx    context.Context
	config string
	in     io.Reader
	out    io.Writer
	err    io.Writer
}

// run is the program as a function: arguments and streams in, exit code out.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (code int) {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("rapport"),
		kong.Description("Client communication by e-mail: clear reports out, every point of the reply answered."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(out, errs),
		kong.Exit(func(n int) { exit = n; panic(exited{}) }),
	)
	if err != nil {
		panic(fmt.Sprintf("command line: %v", err)) // the struct above is wrong; a test parses it
	}
	defer func() { // --help prints and wants to leave from within the parser
		if r := recover(); r != nil {
			if _, ok := r.(exited); !ok {
				panic(r)
			}
			code = exit
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(errs, "rapport: %s\n", plain(err.Error()))
		var parse *kong.ParseError
		if errors.As(err, &parse) {
			fmt.Fprintf(errs, "Run \"%s --help\" for what there is.\n", commandOf(parse))
		}
		return exitUsage
	}
	e := &env{ctx: ctx, config: c.Config, in: in, out: out, err: errs}
	if err := command.Run(e); err != nil {
		fmt.Fprintf(errs, "rapport: %s\n", plain(err.Error())) // it may have the words of a server, or of a file of others
		return exitCode(err)
	}
	return exitOK
}

type exited struct{}

// commandOf is the command as far as it was understood.
func commandOf(e *kong.ParseError) string {
	text := "rapport"
	for _, p := range e.Context.Path {
		if p.Command != nil {
			text += " " + p.Command.Name
		}
	}
	return text
}
