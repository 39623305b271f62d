// A server and a client of grpc-go with the calls that Strake.Bench.Grpc makes: the peer of `bench/run grpc`.
//
//	peer serve SOCKET                      answers each message with itself until it is killed
//	peer call SOCKET IN_FLIGHT SECONDS     prints calls a second
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

const method = "/strake.bench.Echo/Say"

func say(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	request := new(wrapperspb.StringValue)
	if err := decode(request); err != nil {
		return nil, err
	}
	return wrapperspb.String(request.Value), nil
}

func serve(socket string) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "strake.bench.Echo",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Say", Handler: say}},
	}, struct{}{})
	return server.Serve(listener)
}

func call(socket string, inFlight int, length time.Duration) (float64, error) {
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	run := func(length time.Duration) (float64, error) {
		var calls atomic.Int64
		var failed atomic.Value
		var all sync.WaitGroup
		began := time.Now()
		for range inFlight {
			all.Add(1)
			go func() {
				defer all.Done()
				for time.Since(began) < length {
					response := new(wrapperspb.StringValue)
					if err := connection.Invoke(context.Background(), method, wrapperspb.String("hello, world"), response); err != nil {
						failed.Store(err)
						return
					}
					calls.Add(1)
				}
			}()
		}
		all.Wait()
		err, _ := failed.Load().(error)
		return float64(calls.Load()) / time.Since(began).Seconds(), err
	}
	if _, err := run(length / 2); err != nil { // the warm-up
		return 0, err
	}
	return run(length)
}

func main() {
	err := fmt.Errorf("see the source for how it is called")
	switch {
	case len(os.Args) == 3 && os.Args[1] == "serve":
		err = serve(os.Args[2])
	case len(os.Args) == 5 && os.Args[1] == "call":
		inFlight, _ := strconv.Atoi(os.Args[3])
		seconds, _ := strconv.ParseFloat(os.Args[4], 64)
		var rate float64
		if rate, err = call(os.Args[2], inFlight, time.Duration(seconds*float64(time.Second))); err == nil {
			fmt.Printf("%.0f\n", rate)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}
