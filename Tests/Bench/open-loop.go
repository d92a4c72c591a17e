// Sends reviews when they are due, whatever has become of those before. See open_loop.py.
//
// It opens the connections, sends one review over each, says "connected", and waits for a line on its standard input. If
// there is none, it ends; otherwise it sends `rate` reviews a second for some seconds and prints as JSON how long answers
// took: from when a review was due, not from when a connection was free to send it, so that a server that stalls is charged
// for all that had to wait meanwhile.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	grace      = 2 * time.Second  // after the last one was due: for what waits to be sent, and for answers
	patience   = 20 * time.Second // for a handshake and a first answer
	openAtOnce = 32
)

// A connection, with at most one review on it.
type line struct {
	stream  *tls.Conn
	answers *bufio.Reader
	due     atomic.Int64 // when the review on it was due: nanoseconds on the clock below
	took    []time.Duration
}

var (
	epoch    = time.Now()
	request  []byte
	answered atomic.Int64
	wrong    atomic.Int64
	first    atomic.Pointer[string] // of the wrong answers
)

func now() time.Duration { return time.Since(epoch) }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// dial opens a connection and has a first review answered.
func dial(address string, trust *tls.Config) *line {
	plain, err := net.DialTimeout("tcp", address, patience)
	check(err)
	one := &line{stream: tls.Client(plain, trust)}
	one.answers = bufio.NewReader(one.stream)
	check(one.stream.SetDeadline(time.Now().Add(patience)))
	one.send(now())
	one.receive()
	check(one.stream.SetDeadline(time.Time{}))
	if wrong.Load() > 0 {
		log.Fatal(*first.Load())
	}
	one.took = nil
	return one
}

func (one *line) send(due time.Duration) {
	one.due.Store(int64(due))
	_, err := one.stream.Write(request)
	check(err)
}

// receive waits for an answer and looks at its verdict; a connection that breaks ends the program.
func (one *line) receive() {
	answer, err := http.ReadResponse(one.answers, nil)
	check(err)
	body, err := io.ReadAll(answer.Body)
	check(err)
	one.took = append(one.took, now()-time.Duration(one.due.Load()))
	answered.Add(1)
	if answer.StatusCode != 200 || !bytes.Contains(body, []byte(`"allowed":true`)) {
		text := fmt.Sprintf("%s: %.300s", answer.Status, body)
		first.CompareAndSwap(nil, &text)
		wrong.Add(1)
	}
}

// sleepUntil is precise to some microseconds, which time.Sleep is not: its thread waits in the kernel by itself.
func sleepUntil(due time.Duration) {
	for left := due - now(); left > 0; left = due - now() {
		wait := syscall.NsecToTimespec(int64(left))
		syscall.Nanosleep(&wait, nil)
	}
}

// run sends the reviews in their order, each over the connection that has been free for longest, and returns whether all of
// them could be sent and were answered.
func run(lines []*line, rate int, length time.Duration) bool {
	free := make(chan *line, len(lines))
	for _, one := range lines {
		go func() {
			for free <- one; ; free <- one {
				one.receive()
			}
		}()
	}
	runtime.LockOSThread()
	const setTimerSlack = 29
	syscall.RawSyscall(syscall.SYS_PRCTL, setTimerSlack, 1, 0) // the kernel would wake this thread 50 µs late otherwise
	began := now() + 10*time.Millisecond
	end := time.After(length + grace)
	for number := range rate * int(length/time.Second) {
		due := began + time.Duration(number)*time.Second/time.Duration(rate)
		sleepUntil(due)
		select {
		case one := <-free:
			one.send(due)
		case <-end:
			return false
		}
	}
	for range lines {
		select {
		case <-free:
		case <-end:
			return false
		}
	}
	return true
}

func main() {
	log.SetFlags(0)
	where := flag.String("url", "", "where reviews go")
	authority := flag.String("ca", "", "the authority that signed its certificate, PEM")
	review := flag.String("review", "", "the review's file")
	connections := flag.Int("connections", 64, "how many")
	rate := flag.Int("rate", 1000, "reviews a second")
	seconds := flag.Int("seconds", 10, "for how long")
	flag.Parse()

	target, err := url.Parse(*where)
	check(err)
	pem, err := os.ReadFile(*authority)
	check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	trust := &tls.Config{RootCAs: roots, ServerName: target.Hostname(), DynamicRecordSizingDisabled: true}
	body, err := os.ReadFile(*review)
	check(err)
	head := "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
	request = append(fmt.Appendf(nil, head, target.RequestURI(), target.Host, len(body)), body...)

	runtime.GOMAXPROCS(4) // on one processor too: a thread that sleeps until something is due holds one of the four
	lines := make([]*line, *connections)
	var next atomic.Int64
	var opening sync.WaitGroup
	for range openAtOnce {
		opening.Go(func() {
			for number := next.Add(1) - 1; number < int64(len(lines)); number = next.Add(1) - 1 {
				lines[number] = dial(target.Host, trust)
			}
		})
	}
	opening.Wait()
	runtime.GC()
	fmt.Println("connected")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return
	}

	debug.SetGCPercent(-1) // nothing pauses; what a run leaves behind fits into memory
	answered.Store(0)
	began := now()
	complete := run(lines, *rate, time.Duration(*seconds)*time.Second)
	figures := map[string]any{
		"complete": complete, "answered": answered.Load(), "seconds": (now() - began).Seconds(),
		"wrong": wrong.Load(), "first wrong": first.Load(),
	}
	if complete { // otherwise there is no saying how long the others would have taken
		addLatencies(figures, lines)
	}
	check(json.NewEncoder(os.Stdout).Encode(figures))
}

func addLatencies(figures map[string]any, lines []*line) {
	var took []time.Duration
	for _, one := range lines {
		took = append(took, one.took...)
	}
	sort.Slice(took, func(a, b int) bool { return took[a] < took[b] })
	for name, thousandths := range map[string]int{"p50": 500, "p99": 990, "p99.9": 999} {
		// The least that so many thousandths did not exceed, in milliseconds.
		figures[name] = took[(len(took)*thousandths+999)/1000-1].Seconds() * 1000
	}
}
