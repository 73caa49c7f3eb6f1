// Reads documents, one base64 text a line, and prints what sigs.k8s.io/yaml makes of each.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"

	"sigs.k8s.io/yaml"
)

type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		text, err := base64.StdEncoding.DecodeString(lines.Text())
		if err != nil {
			panic(err)
		}
		value, err := yaml.YAMLToJSON(text)
		if err != nil {
			out.Encode(answer{Error: err.Error()})
			continue
		}
		out.Encode(answer{Value: value})
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
}
