using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Control;

/// <summary>What the history tells of a build.</summary>
static class HistoryEncoding
{
    /// <summary>Of one that begins.</summary>
    public static BuildHistoryRecord Begun(SolveRequest request, DateTimeOffset now)
    {
        var record = new BuildHistoryRecord { Ref = request.Ref, Frontend = request.Frontend, CreatedAt = Timestamp.FromDateTimeOffset(now), Generation = 1 };
        record.FrontendAttrs.Add(request.FrontendAttrs);
        record.Exporters.AddRange(request.Exporters.Select(static exporter => exporter.Clone()));
        return record;
    }

    /// <summary>Of one that is over.</summary>
    /// <param name="record">What was known.</param>
    /// <param name="options">The frontend's options.</param>
    /// <param name="progress">What was said.</param>
    /// <param name="error">Why it failed; null: it did not.</param>
    /// <param name="now">When it ended.</param>
    public static void End(BuildHistoryRecord record, IReadOnlyDictionary<string, string> options, SolveProgress progress, string? error, DateTimeOffset now)
    {
        foreach ((string name, string value) in options) record.FrontendAttrs[name] = value;
        (record.NumTotalSteps, record.NumCachedSteps, record.NumCompletedSteps, record.NumWarnings) = progress.Totals();
        if (error is not null) record.Error = new RpcStatus { Code = (int)GrpcStatusCode.Unknown, Message = error };
        record.CompletedAt = Timestamp.FromDateTimeOffset(now);
    }

    /// <summary>Tells the client what time it is here: by this it reckons how long a build has been under way.</summary>
    public static void Stamp(GrpcServerCall call, DateTimeOffset now) =>
        call.ResponseMetadata.Add("buildkit-current-timestamp", now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
}
