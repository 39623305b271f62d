using Google.Protobuf.WellKnownTypes;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Control;

/// <summary>The service <c>moby.buildkit.v1.Control</c>: solves, what is said of them, the sessions that come as calls.</summary>
/// <param name="backend">Does the building.</param>
/// <param name="sessions">The clients that are connected.</param>
/// <param name="solves">The solves.</param>
/// <param name="time">The clock.</param>
sealed class ControlService(IBuildBackend backend, BuildSessions sessions, SolveTable solves, TimeProvider time)
{
    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.Unary(ControlMethods.ListWorkers, (_, _) => Task.FromResult(ListWorkers())),
        GrpcHandler.Unary(ControlMethods.Info, (_, _) => Task.FromResult(new InfoResponse { BuildkitVersion = WorkerEncoding.Version() })),
        GrpcHandler.Unary(ControlMethods.Solve, SolveAsync),
        GrpcHandler.ServerStream(ControlMethods.Status, StatusAsync),
        GrpcHandler.Duplex(ControlMethods.Session, RunSessionAsync),
        .. new HealthService().Handlers,
    ];

    ListWorkersResponse ListWorkers()
    {
        var response = new ListWorkersResponse();
        response.Record.Add(WorkerEncoding.Of(backend.Worker));
        return response;
    }

    async Task<SolveResponse> SolveAsync(SolveRequest request, GrpcServerCall call)
    {
        if (request.Ref.Length == 0 || request.Session.Length == 0) throw StrakeException.Invalid("a solve needs a ref and a session");
        if (request.Definition is { Def.Count: > 0 }) throw NoDefinitions();
        SolveOrderReader.CheckOutputs(request);
        IBuildSession session = await sessions.GetAsync(request.Session, call.Cancelled);
        var progress = new SolveProgress(time);
        var solve = new Solve(request, session, sessions, backend, progress, call.Cancelled);
        var record = new SolveRecord(request.Ref, progress, HistoryEncoding.Begun(request, time.GetUtcNow()), request.Internal);
        solves.Add(solve, record);
        string? error = "the client has gone";
        try
        {
            await using (solve)
            {
                SolveResponse response = await RunAsync(solve);
                record.Record.ExporterResponse.Add(response.ExporterResponse);
                error = null;
                return response;
            }
        }
        catch (StrakeException e)
        {
            error = e.Message;
            throw new GrpcException(SolveStatus.Of(e, progress), e);
        }
        catch (GrpcException e)
        {
            error = e.Message;
            throw;
        }
        catch (OperationCanceledException) when (session.Closed.IsCancellationRequested && !call.Cancelled.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Cancelled, "the session of the build was closed");
        }
        finally
        {
            HistoryEncoding.End(record.Record, solve.FrontendOptions, progress, error, time.GetUtcNow());
            progress.End(error);
            solves.End(request.Ref);
        }
    }

    static async Task<SolveResponse> RunAsync(Solve solve)
    {
        SolveRequest request = solve.Request;
        string? result = request.Frontend.Length > 0 ? solve.Begin(request.Frontend, request.FrontendAttrs) : ResultOf(await solve.ReturnedAsync());
        var response = new SolveResponse();
        // Nothing was built: the probe by which a client learns what there is.
        if (result is null) return response;
        IBuildResult built = await solve.GetAsync(result, solve.Ended);
        if (built.Answers.Count == 0)
            foreach ((string name, string value) in await built.ExportAsync(solve.Session, solve.Progress, solve.Ended)) response.ExporterResponse.Add(name, value);
        return response;
    }

    // The name of the result that the client has returned; null where it has none.
    static string? ResultOf(ReturnRequest returned)
    {
        if (returned.Error is { Code: not 0 } error)
            throw new GrpcException(new GrpcStatus((GrpcStatusCode)error.Code, error.Message) { Details = Google.Protobuf.MessageExtensions.ToByteArray(error) });
        BridgeResult? result = returned.Result;
        string? id = result?.ResultCase switch
        {
            BridgeResult.ResultOneofCase.Ref => result.Ref.Id,
            BridgeResult.ResultOneofCase.RefDeprecated => result.RefDeprecated,
            BridgeResult.ResultOneofCase.Refs => Only(result.Refs.Refs.Values.Select(static reference => reference.Id)),
            BridgeResult.ResultOneofCase.RefsDeprecated => Only(result.RefsDeprecated.Refs.Values),
            _ => null,
        };
        return string.IsNullOrEmpty(id) ? null : id;
    }

    static string? Only(IEnumerable<string> ids)
    {
        string[] all = [.. ids];
        return all.Length <= 1 ? all.FirstOrDefault() : throw StrakeException.NotSupported("builds for several platforms at once are not supported: build for one at a time");
    }

    async Task StatusAsync(StatusRequest request, IGrpcWriter<StatusResponse> responses, GrpcServerCall call)
    {
        HistoryEncoding.Stamp(call, time.GetUtcNow());
        SolveRecord record = await solves.GetRecordAsync(request.Ref, call.Cancelled);
        await call.BeginAsync();
        await foreach (StatusResponse response in record.Progress.ReadAsync(call.Cancelled)) await responses.WriteAsync(response, call.Cancelled);
    }

    async Task RunSessionAsync(IGrpcReader<BytesMessage> requests, IGrpcWriter<BytesMessage> responses, GrpcServerCall call)
    {
        await call.BeginAsync();
        await using var connection = new CallStream(requests, responses, call: null);
        await sessions.RunAsync(SessionOffer.Read(call.Metadata), connection, call.Cancelled);
    }

    /// <summary>What is said to a client that has made a build graph itself.</summary>
    public static StrakeException NoDefinitions() =>
        StrakeException.NotSupported("build graphs made by the client (LLB: remote definitions, bake from a URL, other languages than Dockerfiles) are not supported");
}
