// cty says what go-cty, the library in which Terraform keeps its values, makes of encoded ones.
//
// It reads frames from stdin until it ends, and answers each with one frame. A frame is its length, four bytes with the
// greatest first, and that many bytes; the fields in it are written in the same way. The fields of a question are its
// form ("msgpack" or "json"), a type as JSON, and an encoded value of that type; a frame holds any number of questions.
// The fields of an answer are an error, and if that is empty the value as JSON (see tree.go), its msgpack, and its state
// JSON, which is empty if the value has none.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

func main() {
	if err := serve(bufio.NewReader(os.Stdin), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cty:", err)
		os.Exit(1)
	}
}

func serve(questions io.Reader, answers io.Writer) error {
	for {
		frame, err := read(questions)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var written []byte
		for len(frame) > 0 {
			var form, ty, value []byte
			for _, field := range []*[]byte{&form, &ty, &value} {
				if *field, frame, err = cut(frame); err != nil {
					return err
				}
			}
			written = answer(written, string(form), ty, value)
		}
		if _, err := answers.Write(appended(nil, written)); err != nil {
			return err
		}
	}
}

func read(from io.Reader) ([]byte, error) {
	var length [4]byte
	if _, err := io.ReadFull(from, length[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, binary.BigEndian.Uint32(length[:]))
	_, err := io.ReadFull(from, frame)
	return frame, err
}

func cut(frame []byte) (field, rest []byte, err error) {
	if len(frame) < 4 || uint64(len(frame)-4) < uint64(binary.BigEndian.Uint32(frame)) {
		return nil, nil, errors.New("the frame ends within a field")
	}
	end := 4 + binary.BigEndian.Uint32(frame)
	return frame[4:end], frame[end:], nil
}

func appended(to, field []byte) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(field))), field...)
}

func answer(to []byte, form string, ty, value []byte) []byte {
	seen, packed, state, err := examine(form, ty, value)
	if err != nil {
		return appended(to, []byte(err.Error()))
	}
	for _, field := range [][]byte{nil, seen, packed, state} {
		to = appended(to, field)
	}
	return to
}

// examine reads a value and writes it again. What would end Terraform in a panic is an error here.
func examine(form string, typeJSON, bytes []byte) (seen, packed, state []byte, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	ty, err := ctyjson.UnmarshalType(typeJSON)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("the type: %w", err)
	}
	var value cty.Value
	if form == "json" {
		value, err = ctyjson.Unmarshal(bytes, ty)
	} else {
		value, err = msgpack.Unmarshal(bytes, ty)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if seen, err = json.Marshal(tree(value, ty)); err != nil {
		return nil, nil, nil, err
	}
	if packed, err = msgpack.Marshal(value, ty); err != nil {
		return nil, nil, nil, err
	}
	// An error says that the value has no such form: a part of it is unknown or infinite.
	state, _ = ctyjson.Marshal(value, ty)
	return seen, packed, state, nil
}
