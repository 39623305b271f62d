using Google.Protobuf.WellKnownTypes;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Control;

/// <summary>The part of <c>moby.buildkit.v1.Control</c> that is about the build cache.</summary>
/// <param name="backend">Keeps it.</param>
sealed class CacheService(IBuildBackend backend)
{
    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.Unary(ControlMethods.DiskUsage, ListAsync),
        GrpcHandler.ServerStream(ControlMethods.Prune, PruneAsync),
    ];

    async Task<DiskUsageResponse> ListAsync(DiskUsageRequest request, GrpcServerCall call)
    {
        var response = new DiskUsageResponse();
        response.Record.AddRange((await backend.ListCacheAsync(request.Filter, call.Cancelled)).Select(Encode));
        return response;
    }

    async Task PruneAsync(PruneRequest request, IGrpcWriter<UsageRecord> responses, GrpcServerCall call)
    {
        var prune = new CachePrune(request.All, request.Filter)
        {
            KeepFor = TimeSpan.FromTicks(request.KeepDuration / TimeSpan.NanosecondsPerTick),
            MaxUsedBytes = request.MaxUsedSpace,
            ReservedBytes = request.ReservedSpace,
            MinFreeBytes = request.MinFreeSpace,
        };
        await call.BeginAsync();
        await foreach (CacheRecord removed in backend.PruneCacheAsync(prune, call.Cancelled)) await responses.WriteAsync(Encode(removed), call.Cancelled);
    }

    static UsageRecord Encode(CacheRecord record)
    {
        var encoded = new UsageRecord
        {
            Id = record.Id,
            RecordType = record.Kind,
            Size = record.SizeBytes,
            Description = record.Description,
            CreatedAt = Timestamp.FromDateTimeOffset(record.CreatedAt),
            LastUsedAt = record.LastUsedAt is { } used ? Timestamp.FromDateTimeOffset(used) : null,
            UsageCount = record.UsageCount,
            InUse = record.IsInUse,
            Shared = record.IsShared,
            Mutable = record.IsMutable,
        };
        encoded.Parents.AddRange(record.Parents);
        return encoded;
    }
}
