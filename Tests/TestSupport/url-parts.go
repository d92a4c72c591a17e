// What Go's net/url, by which source-controller goes, makes of URLs.
//
// Each line of standard input is a URL in hexadecimal. Each line of standard output is "refused", or what it is split
// into, in hexadecimal and each after a "+": scheme, user name, password, host without port, and the names of the query's
// parameters that have a value.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
)

func parts(text string) string {
	parsed, err := url.Parse(text)
	if err != nil {
		return "refused"
	}
	password, _ := parsed.User.Password()
	fields := []string{parsed.Scheme, parsed.User.Username(), password, parsed.Hostname()}
	fields = append(fields, parameters(parsed)...)
	// go-git's Endpoint writes the path decoded, and the transport parses that again.
	endpoint := parsed.Scheme + "://" + parsed.Host + parsed.Path
	if parsed.RawQuery != "" {
		endpoint += "?" + parsed.RawQuery
	}
	if again, err := url.Parse(endpoint); err == nil {
		fields = append(fields, parameters(again)...)
	}
	line := ""
	for _, field := range fields {
		line += "+" + hex.EncodeToString([]byte(field))
	}
	return line
}

func parameters(parsed *url.URL) []string {
	names := []string{}
	for name, values := range parsed.Query() {
		for _, value := range values {
			if value != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		text, err := hex.DecodeString(lines.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(parts(string(text)))
	}
}
