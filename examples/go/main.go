// Another system calls Dondoc: with a certificate, a deadline, and every write safe to repeat.
//
//	dondoc-example ADDRESS CA CERTIFICATE KEY list              every unit, page by page
//	dondoc-example ADDRESS CA CERTIFICATE KEY show units/ID     one unit
//	dondoc-example ADDRESS CA CERTIFICATE KEY add ID NAME       adds a division, once
//	dondoc-example ADDRESS CA CERTIFICATE KEY report NAME PER   how far an assignment is, in per cent
//	dondoc-example ADDRESS CA CERTIFICATE KEY watch FROM COUNT  the log from a sequence on
//
// ADDRESS is host:port of the edge, the others are PEM files. Ends with 0 when it was done, 1 when it
// was refused, 2 for a wrong command line, 4 when nobody answered.
package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	common "dondoc.example/protos/dondoc/common/v1"
	registry "dondoc.example/protos/dondoc/registry/v1"
)

const (
	deadline = 20 * time.Second
	tries    = 25
	// How long a watch tries to get back to a service that is away.
	watchPatience = 60 * time.Second
)

// connect makes a channel over mutual TLS. It connects when it is first used, and again by itself.
func connect(address, ca, certificate, key string) (*grpc.ClientConn, error) {
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate as PEM", ca)
	}
	ours, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, err
	}
	secure := credentials.NewTLS(&tls.Config{
		RootCAs: roots, Certificates: []tls.Certificate{ours}, MinVersion: tls.VersionTLS12})
	// So that a watch notices a peer that vanished; the servers allow one ping every 20 s.
	alive := keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}
	return grpc.Dial(address, grpc.WithTransportCredentials(secure), grpc.WithKeepaliveParams(alive))
}

// call makes one call within its deadline. UNAVAILABLE is tried again with the same request, and so with
// the same request_id: what was done already is answered again, not done again.
func call(method func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := method(ctx)
		if status.Code(err) != codes.Unavailable || attempt == tries {
			return err
		}
		pause := 100 * time.Millisecond << attempt
		if pause > time.Second {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// reasonOf is the reason of a refusal; "" when it carries none.
func reasonOf(err error) string {
	for _, detail := range status.Convert(err).Proto().GetDetails() {
		// The type is named google.rpc.ErrorInfo, whose fields these are.
		info := &common.ErrorInfo{}
		if strings.HasSuffix(detail.TypeUrl, "/google.rpc.ErrorInfo") && proto.Unmarshal(detail.Value, info) == nil {
			return info.Reason
		}
	}
	return ""
}

// nameOf is the code as the other languages write it: NOT_FOUND, where Go says NotFound.
func nameOf(code codes.Code) string {
	return strings.ToUpper(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(code.String(), "${1}_$2"))
}

// list prints every unit: pages follow until one has no token.
func list(client registry.RegistryServiceClient) error {
	request := &registry.ListUnitsRequest{PageSize: 2}
	for {
		var page *registry.ListUnitsResponse
		err := call(func(ctx context.Context) (err error) {
			page, err = client.ListUnits(ctx, request)
			return err
		})
		if err != nil {
			return err
		}
		for _, unit := range page.Units {
			fmt.Println(unit.Name, unit.DisplayName)
		}
		if page.NextPageToken == "" {
			return nil
		}
		request.PageToken = page.NextPageToken
	}
}

func show(client registry.RegistryServiceClient, name string) error {
	return call(func(ctx context.Context) error {
		answer, err := client.GetUnit(ctx, &registry.GetUnitRequest{Name: name})
		if err == nil {
			fmt.Println(answer.Unit.DisplayName)
		}
		return err
	})
}

// newRequestID is a random UUID.
func newRequestID() (string, error) {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return "", err
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}

// add adds a division, and asks for the same once more, as after an answer that got lost.
func add(client registry.RegistryServiceClient, id, displayName string) error {
	requestID, err := newRequestID()
	if err != nil {
		return err
	}
	request := &registry.AddUnitRequest{RequestId: requestID, Unit: &registry.Unit{
		Name: "units/" + id, DisplayName: displayName,
		Kind: registry.UnitKind_UNIT_KIND_DIVISION, ValidFrom: "2023-01-01"}}
	answers := make([]*registry.AddUnitResponse, 2)
	for i := range answers {
		err := call(func(ctx context.Context) (err error) {
			answers[i], err = client.AddUnit(ctx, request)
			return err
		})
		if err != nil {
			return err
		}
	}
	if !proto.Equal(answers[0], answers[1]) {
		return errors.New("a repetition gets the first answer")
	}
	fmt.Println(answers[0].Unit.Name, answers[0].Unit.Etag)
	return nil
}

// report says how far the work on an assignment is; refused when somebody has changed it since it was read.
func report(client registry.RegistryServiceClient, name string, percent int32) error {
	requestID, err := newRequestID()
	if err != nil {
		return err
	}
	request := &registry.ReportProgressRequest{RequestId: requestID, Name: name, Percent: percent}
	err = call(func(ctx context.Context) error {
		seen, err := client.GetAssignment(ctx, &registry.GetAssignmentRequest{Name: name})
		if err == nil {
			request.Etag = seen.Assignment.Etag
		}
		return err
	})
	if err != nil {
		return err
	}
	return call(func(ctx context.Context) error {
		answer, err := client.ReportProgress(ctx, request)
		if err == nil {
			fmt.Println(answer.Assignment.Name, answer.Assignment.Percent)
		}
		return err
	})
}

// watch prints count changes from sequence on. A real system keeps the last sequence with what it made of
// it, in one transaction; then nothing is missed and nothing is done twice.
func watch(client registry.RegistryServiceClient, sequence int64, count int) error {
	heard := time.Now()
	for count > 0 {
		err := func() error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			stream, err := client.WatchChanges(ctx, &registry.WatchChangesRequest{FromSequence: sequence})
			for err == nil && count > 0 {
				var answer *registry.WatchChangesResponse
				if answer, err = stream.Recv(); err != nil {
					break
				}
				heard = time.Now()
				fmt.Println(answer.Change.Sequence, answer.Change.Type, answer.Change.Name)
				sequence = answer.Change.Sequence + 1
				count--
			}
			return err
		}()
		if err == nil || err == io.EOF {
			continue
		}
		if status.Code(err) != codes.Unavailable || time.Since(heard) > watchPatience {
			return err
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil
}

func run(words []string) int {
	arguments := map[string]int{"list": 0, "show": 1, "add": 2, "report": 2, "watch": 2}
	if len(words) < 5 || words[4] == "" {
		return usage()
	}
	if count, known := arguments[words[4]]; !known || len(words) != 5+count {
		return usage()
	}
	connection, err := connect(words[0], words[1], words[2], words[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer connection.Close()
	client := registry.NewRegistryServiceClient(connection)
	switch words[4] {
	case "list":
		err = list(client)
	case "show":
		err = show(client, words[5])
	case "add":
		err = add(client, words[5], words[6])
	case "report":
		percent, wrong := strconv.ParseInt(words[6], 10, 32)
		if wrong != nil {
			return usage()
		}
		err = report(client, words[5], int32(percent))
	case "watch":
		from, wrong := strconv.ParseInt(words[5], 10, 64)
		count, wrongToo := strconv.Atoi(words[6])
		if wrong != nil || wrongToo != nil {
			return usage()
		}
		err = watch(client, from, count)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, nameOf(status.Code(err)), reasonOf(err), status.Convert(err).Message())
	if code := status.Code(err); code == codes.Unavailable || code == codes.DeadlineExceeded {
		return 4
	}
	return 1
}

func usage() int {
	fmt.Fprintln(os.Stderr, "dondoc-example ADDRESS CA CERTIFICATE KEY list | show units/ID | add ID NAME | report NAME PER | watch FROM COUNT")
	return 2
}

func main() {
	os.Exit(run(os.Args[1:]))
}
