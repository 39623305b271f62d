using Strake.Daemon.BuildKit.Solving;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Control;

/// <summary>The part of <c>moby.buildkit.v1.Control</c> that is about builds that were: those since the daemon has started.</summary>
/// <param name="solves">The solves.</param>
/// <param name="time">The clock.</param>
sealed class HistoryService(SolveTable solves, TimeProvider time)
{
    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.ServerStream(ControlMethods.ListenBuildHistory, ListenAsync),
        GrpcHandler.Unary(ControlMethods.UpdateBuildHistory, (request, _) => Task.FromResult(Update(request))),
    ];

    async Task ListenAsync(BuildHistoryRequest request, IGrpcWriter<BuildHistoryEvent> responses, GrpcServerCall call)
    {
        HistoryEncoding.Stamp(call, time.GetUtcNow());
        await call.BeginAsync();
        var told = new Dictionary<string, BuildHistoryEventType>(StringComparer.Ordinal);
        while (true)
        {
            Task change = solves.ChangeAsync();
            BuildHistoryEvent[] events = [.. Events(request, told)];
            if (events.Length > 0) await responses.WriteAllAsync(events, call.Cancelled);
            if (request.EarlyExit) return;
            await change.WaitAsync(call.Cancelled);
        }
    }

    // What is to be told beyond what was, the newest first.
    IEnumerable<BuildHistoryEvent> Events(BuildHistoryRequest request, Dictionary<string, BuildHistoryEventType> told)
    {
        IReadOnlyList<SolveRecord> records = solves.Records;
        int left = request.Limit > 0 ? request.Limit : int.MaxValue;
        foreach (SolveRecord record in records.Reverse().Where(record => !record.IsInternal && (request.Ref.Length == 0 || record.Ref == request.Ref)))
        {
            BuildHistoryEventType type = record.Record.CompletedAt is null ? BuildHistoryEventType.Started : BuildHistoryEventType.Complete;
            if (request.ActiveOnly && type is BuildHistoryEventType.Complete && !told.ContainsKey(record.Ref)) continue;
            if (left-- == 0) yield break;
            if (told.TryGetValue(record.Ref, out BuildHistoryEventType before) && before == type) continue;
            told[record.Ref] = type;
            yield return new BuildHistoryEvent { Type = type, Record = record.Record.Clone() };
        }

        foreach (string gone in told.Keys.Except(records.Select(static record => record.Ref), StringComparer.Ordinal).ToArray())
        {
            told.Remove(gone);
            yield return new BuildHistoryEvent { Type = BuildHistoryEventType.Deleted, Record = new BuildHistoryRecord { Ref = gone } };
        }
    }

    UpdateBuildHistoryResponse Update(UpdateBuildHistoryRequest request)
    {
        if (request.Delete && !solves.Forget(request.Ref)) throw StrakeException.NotFound($"no build {request.Ref} that is over");
        if (request.Pinned) throw StrakeException.NotSupported("builds cannot be pinned: the history lasts as long as the daemon runs");
        return new UpdateBuildHistoryResponse();
    }
}
