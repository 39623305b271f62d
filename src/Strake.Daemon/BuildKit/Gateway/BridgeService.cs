using Google.Protobuf;
using Strake.Containers.Files;
using Strake.Daemon.BuildKit.Control;
using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Solving;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Gateway;

/// <summary>
/// The service <c>moby.buildkit.v1.frontend.LLBBridge</c>: what a client that is its own frontend asks for within its solve, which the
/// metadata of each call names.
/// </summary>
/// <param name="backend">Does the building.</param>
/// <param name="solves">The solves.</param>
sealed class BridgeService(IBuildBackend backend, SolveTable solves)
{
    const string BuildIdKey = "buildkit-controlapi-buildid";

    // As much of a file as a message may carry.
    const int MaxReadBytes = 3 * 1024 * 1024;

    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        Unary(BridgeMethods.Ping, (_, _, _) => Task.FromResult(Ping())),
        Unary(BridgeMethods.Solve, SolveAsync),
        Unary(BridgeMethods.Return, (request, solve, _) => Task.FromResult(Return(request, solve))),
        Unary(BridgeMethods.Inputs, (_, _, _) => Task.FromResult(new InputsResponse())),
        Unary(BridgeMethods.ResolveImageConfig, ResolveAsync),
        Unary(BridgeMethods.ResolveSourceMeta, ResolveAsync),
        Unary(BridgeMethods.Evaluate, EvaluateAsync),
        Unary(BridgeMethods.ReadFile, ReadAsync),
        Unary(BridgeMethods.ReadDir, ListAsync),
        Unary(BridgeMethods.StatFile, StatAsync),
        Unary(BridgeMethods.Warn, (request, solve, _) => Task.FromResult(Warn(request, solve))),
    ];

    GrpcHandler Unary<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, Solve, CancellationToken, Task<TResponse>> body)
        where TRequest : class
        where TResponse : class =>
        GrpcHandler.Unary(method, async (request, call) =>
        {
            string id = call.Metadata.Find(BuildIdKey) ?? throw StrakeException.Invalid($"the call names no build in {BuildIdKey}");
            Solve solve = await solves.GetRunningAsync(id, call.Cancelled);
            try
            {
                return await body(request, solve, call.Cancelled);
            }
            catch (StrakeException e)
            {
                throw new GrpcException(SolveStatus.Of(e, solve.Progress), e);
            }
        });

    PongResponse Ping()
    {
        var pong = new PongResponse();
        Capabilities.Tell(pong);
        pong.Workers.Add(WorkerEncoding.Of(backend.Worker));
        return pong;
    }

    static async Task<BridgeSolveResponse> SolveAsync(BridgeSolveRequest request, Solve solve, CancellationToken cancellationToken)
    {
        var response = new BridgeSolveResponse { Result = new BridgeResult() };
        if (request.Frontend.Length == 0)
        {
            if (request.Definition is { Def.Count: > 0 }) throw ControlService.NoDefinitions();
            // Nothing of nothing: the empty result.
            response.Result.Ref = new BridgeRef();
            return response;
        }

        if (request.FrontendInputs.Count > 0) throw StrakeException.NotSupported("inputs that the client has made itself (\"target:\" contexts, remote definitions) are not supported");
        if (request.SourcePolicies.Count > 0) throw StrakeException.NotSupported("source policies are not supported");
        string id = solve.Begin(request.Frontend, request.FrontendOpt);
        // A question is answered here; a build is waited for by those who need its end.
        if (request.Evaluate || request.FrontendOpt.ContainsKey("requestid"))
            foreach ((string name, byte[] value) in (await solve.GetAsync(id, cancellationToken)).Answers) response.Result.Metadata.Add(name, ByteString.CopyFrom(value));
        if (request.AllowResultArrayRef) response.Result.Ref = new BridgeRef { Id = id };
        else response.Result.RefDeprecated = id;
        if (!request.AllowResultReturn) response.Ref = id;
        return response;
    }

    static ReturnResponse Return(ReturnRequest request, Solve solve)
    {
        solve.Return(request);
        return new ReturnResponse();
    }

    async Task<ResolveImageConfigResponse> ResolveAsync(ResolveImageConfigRequest request, Solve solve, CancellationToken cancellationToken)
    {
        if (request.ResolverType != 0) throw StrakeException.NotSupported("layouts in the client's hands (oci-layout://) are not supported");
        ResolvedImage image = await ResolveAsync(request.Ref, request.Platform, request.ResolveMode, solve, cancellationToken);
        return new ResolveImageConfigResponse { Ref = image.Reference, Digest = image.Digest, Config = ByteString.CopyFrom(image.Config.Span) };
    }

    async Task<ResolveSourceMetaResponse> ResolveAsync(ResolveSourceMetaRequest request, Solve solve, CancellationToken cancellationToken)
    {
        const string Scheme = "docker-image://";
        string identifier = request.Source?.Identifier ?? "";
        if (!identifier.StartsWith(Scheme, StringComparison.Ordinal)) throw StrakeException.NotSupported($"{identifier} cannot be resolved: only {Scheme} can");
        ResolvedImage image = await ResolveAsync(identifier[Scheme.Length..], request.Platform, request.ResolveMode, solve, cancellationToken);
        return new ResolveSourceMetaResponse
        {
            Source = request.Source,
            Image = new ResolveSourceImageResponse { Digest = image.Digest, Config = ByteString.CopyFrom(image.Config.Span) },
        };
    }

    Task<ResolvedImage> ResolveAsync(string reference, Platform? platform, string mode, Solve solve, CancellationToken cancellationToken) =>
        backend.ResolveImageAsync(new ImageQuery(reference, WorkerEncoding.TextOf(platform), mode is "pull"), solve.Session, cancellationToken);

    static async Task<EvaluateResponse> EvaluateAsync(EvaluateRequest request, Solve solve, CancellationToken cancellationToken)
    {
        await solve.GetAsync(request.Ref, cancellationToken);
        return new EvaluateResponse();
    }

    static async Task<ReadFileResponse> ReadAsync(ReadFileRequest request, Solve solve, CancellationToken cancellationToken)
    {
        IBuildResult result = await solve.GetAsync(request.Ref, cancellationToken);
        long length = request.Range is { Length: > 0 } range ? range.Length : MaxReadBytes;
        byte[] data = await result.ReadAsync(request.FilePath, request.Range?.Offset ?? 0, (int)Math.Min(length, MaxReadBytes), cancellationToken);
        return new ReadFileResponse { Data = UnsafeByteOperations.UnsafeWrap(data) };
    }

    static async Task<ReadDirResponse> ListAsync(ReadDirRequest request, Solve solve, CancellationToken cancellationToken)
    {
        if (request.IncludePattern.Length > 0) throw StrakeException.NotSupported("listing files by a pattern is not supported");
        IBuildResult result = await solve.GetAsync(request.Ref, cancellationToken);
        var response = new ReadDirResponse();
        response.Entries.AddRange((await result.ListAsync(request.DirPath, cancellationToken)).Select(Encode));
        return response;
    }

    static async Task<StatFileResponse> StatAsync(StatFileRequest request, Solve solve, CancellationToken cancellationToken)
    {
        IBuildResult result = await solve.GetAsync(request.Ref, cancellationToken);
        return new StatFileResponse { Stat = Encode(await result.StatAsync(request.Path, cancellationToken)) };
    }

    static WarnResponse Warn(WarnRequest request, Solve solve)
    {
        SourceSpot? spot = request is { Info: { } info, Ranges: [{ Start: { } start } range, ..] }
            ? new SourceSpot(info.Filename, info.Data.Memory, start.Line, range.End?.Line ?? start.Line)
            : null;
        solve.Progress.Warn(new ProgressWarning(request.Short.ToStringUtf8())
        {
            Step = request.Digest.Length > 0 ? request.Digest : null,
            Detail = [.. request.Detail.Select(static line => line.ToStringUtf8())],
            Url = request.Url,
            Spot = spot,
        });
        return new WarnResponse();
    }

    static FileStat Encode(FileEntry entry) => new()
    {
        // The name alone, as BuildKit gives it.
        Path = System.Text.Encoding.UTF8.GetString(entry.Name),
        Mode = GoFileMode.Of(entry.Kind, entry.Mode),
        Size = entry.SizeBytes,
        ModTime = (entry.ModifyTime.Seconds * 1_000_000_000) + entry.ModifyTime.Nanoseconds,
        Linkname = System.Text.Encoding.UTF8.GetString(entry.Target),
        Devmajor = entry.Device.Major,
        Devminor = entry.Device.Minor,
    };
}
