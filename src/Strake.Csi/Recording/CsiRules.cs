using System.Text;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>What the specification asks of each answer, as far as the answer alone shows it. Pure.</summary>
/// <remarks>spec.md 1.12; each rule names its section.</remarks>
public static class CsiRules
{
    /// <summary>The rules that an answer breaks.</summary>
    /// <param name="exchange">A call and its answer.</param>
    public static IEnumerable<CsiBreach> Check(CsiExchange exchange)
    {
        IEnumerable<(string Rule, string Found)> broken = exchange.Status.Code is GrpcStatusCode.Ok ? Answer(exchange) : Refusal(exchange);
        return broken.Select(one => new CsiBreach(exchange.Call, one.Rule, one.Found));
    }

    /// <summary>The rules that a second answer to the same request breaks: a repeat ends as the first did ("Idempotency").</summary>
    /// <param name="first">The first answer.</param>
    /// <param name="again">The second, after the first or at the same time.</param>
    /// <param name="atOnce">Whether both were under way at once: then one may be told that the other is (ABORTED).</param>
    public static IEnumerable<CsiBreach> CheckRepeat(CsiExchange first, CsiExchange again, bool atOnce)
    {
        const string rule = "a call that is repeated ends as it did (spec.md, \"Timeouts\" and the call's own section)";
        bool mayDiffer = atOnce && again.Status.Code is GrpcStatusCode.Aborted;
        if (first.Status.Code is not GrpcStatusCode.Ok || mayDiffer) yield break;
        if (again.Status.Code is not GrpcStatusCode.Ok)
            yield return new CsiBreach(first.Call, rule, $"it was carried out, and then refused with {again.Status}");
        else if (IdOf(first) is { } one && IdOf(again) is { } other && one != other)
            yield return new CsiBreach(first.Call, rule, $"it gave {one}, and then {other}");
    }

    static IEnumerable<(string Rule, string Found)> Refusal(CsiExchange exchange)
    {
        if (!CsiCalls.Common.Contains(exchange.Status.Code) && !exchange.Call.Codes.Contains(exchange.Status.Code))
            yield return ("a refusal has one of the call's codes (its table of errors)", exchange.Status.Code.ToString());
        if (exchange.Status.Message.Length == 0)
            yield return ("a refusal says why, for a person (\"Error Scheme\")", $"{exchange.Status.Code} without a message");
    }

    static IEnumerable<(string Rule, string Found)> Answer(CsiExchange exchange) => (exchange.Request, exchange.Response) switch
    {
        (_, GetPluginInfoResponse info) => Name(info.Name),
        (CreateVolumeRequest request, CreateVolumeResponse response) => Made(request, response.Volume),
        (CreateSnapshotRequest request, CreateSnapshotResponse response) => Made(request, response.Snapshot),
        (ControllerExpandVolumeRequest request, ControllerExpandVolumeResponse response) => Grown(request, response),
        (ListVolumesRequest request, ListVolumesResponse response) => Listed(request.MaxEntries, response.Entries.Count, response.Entries.Select(static entry => entry.Volume?.VolumeId ?? "")),
        (ListSnapshotsRequest request, ListSnapshotsResponse response) => Listed(request.MaxEntries, response.Entries.Count, response.Entries.Select(static entry => entry.Snapshot?.SnapshotId ?? "")),
        (_, NodeGetInfoResponse info) => Id("node_id", info.NodeId, CsiFields.MaxNodeIdBytes),
        (_, NodeGetVolumeStatsResponse stats) => Usage(stats),
        (ValidateVolumeCapabilitiesRequest request, ValidateVolumeCapabilitiesResponse response) => Confirmed(request, response),
        (_, null) => [("an answer has a message", "none")],
        _ => [],
    };

    static IEnumerable<(string Rule, string Found)> Name(string name)
    {
        bool sound = name.Length is > 0 and <= 63 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.');
        if (!sound) yield return ("a driver's name is a domain's of at most 63 letters (GetPluginInfo)", name);
    }

    static IEnumerable<(string Rule, string Found)> Made(CreateVolumeRequest request, Volume? volume)
    {
        if (volume is null) return [("a volume that was made is told of (CreateVolume)", "nothing")];
        List<(string Rule, string Found)> broken = [.. Id("volume_id", volume.VolumeId, CsiFields.MaxStringBytes)];
        long capacity = volume.CapacityBytes;
        if (capacity < 0 || (capacity > 0 && capacity < (request.CapacityRange?.RequiredBytes ?? 0)) || (request.CapacityRange?.LimitBytes > 0 && capacity > request.CapacityRange.LimitBytes))
            broken.Add(("the capacity is in the range that was asked for, or 0 for unknown (CreateVolume)", $"{capacity} bytes"));
        if (request.VolumeContentSource is not null && !request.VolumeContentSource.Equals(volume.ContentSource))
            broken.Add(("a volume that was made from another tells of it (CreateVolume, content_source)", volume.ContentSource is null ? "nothing" : "another source"));
        if (volume.VolumeContext.Sum(static entry => Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value)) > CsiFields.MaxMapBytes)
            broken.Add(("a map has at most 4 KiB (\"Size Limits\")", "a larger volume_context"));
        if (request.AccessibilityRequirements is { Requisite.Count: > 0 } && volume.AccessibleTopology.Count == 0)
            broken.Add(("a volume that was asked for at some place tells where it is (CreateVolume, accessible_topology)", "nothing"));
        return broken;
    }

    static IEnumerable<(string Rule, string Found)> Made(CreateSnapshotRequest request, Snapshot? snapshot)
    {
        if (snapshot is null) return [("a snapshot that was made is told of (CreateSnapshot)", "nothing")];
        List<(string Rule, string Found)> broken = [.. Id("snapshot_id", snapshot.SnapshotId, CsiFields.MaxStringBytes)];
        if (snapshot.SourceVolumeId != request.SourceVolumeId) broken.Add(("a snapshot is of the volume that was named (CreateSnapshot)", snapshot.SourceVolumeId));
        if (snapshot.CreationTime is null) broken.Add(("a snapshot has the time at which it was made (CreateSnapshot, creation_time)", "none"));
        if (snapshot.SizeBytes < 0) broken.Add(("a size is not negative (CreateSnapshot, size_bytes)", $"{snapshot.SizeBytes}"));
        return broken;
    }

    static IEnumerable<(string Rule, string Found)> Grown(ControllerExpandVolumeRequest request, ControllerExpandVolumeResponse response)
    {
        if (response.CapacityBytes < (request.CapacityRange?.RequiredBytes ?? 0))
            yield return ("an expanded volume has at least what was asked for (ControllerExpandVolume)", $"{response.CapacityBytes} bytes");
    }

    static IEnumerable<(string Rule, string Found)> Listed(int most, int count, IEnumerable<string> ids)
    {
        if (most > 0 && count > most) yield return ("a piece of a list has at most max_entries (ListVolumes, ListSnapshots)", $"{count} where {most} was asked for");
        if (ids.Any(static id => id.Length == 0)) yield return ("each entry of a list has its id (ListVolumes, ListSnapshots)", "one without");
    }

    static IEnumerable<(string Rule, string Found)> Usage(NodeGetVolumeStatsResponse stats)
    {
        if (stats.Usage.Any(static usage => usage.Unit is VolumeUsage.Types.Unit.Unknown)) yield return ("a usage has a unit (NodeGetVolumeStats)", "UNKNOWN");
        if (stats.Usage.Any(static usage => usage.Available < 0 || usage.Total < 0 || usage.Used < 0)) yield return ("a usage is not negative (NodeGetVolumeStats)", "one that is");
    }

    static IEnumerable<(string Rule, string Found)> Confirmed(ValidateVolumeCapabilitiesRequest request, ValidateVolumeCapabilitiesResponse response)
    {
        if (response.Confirmed is { } confirmed && !confirmed.VolumeCapabilities.All(request.VolumeCapabilities.Contains))
            yield return ("only what was asked about is confirmed (ValidateVolumeCapabilities)", "another capability");
    }

    static IEnumerable<(string Rule, string Found)> Id(string field, string id, int most)
    {
        if (id.Length == 0) yield return ($"{field} is required", "nothing");
        if (Encoding.UTF8.GetByteCount(id) > most) yield return ($"{field} has at most {most} bytes (\"Size Limits\")", $"{Encoding.UTF8.GetByteCount(id)}");
    }

    static string? IdOf(CsiExchange exchange) => exchange.Response switch
    {
        CreateVolumeResponse made => made.Volume?.VolumeId,
        CreateSnapshotResponse made => made.Snapshot?.SnapshotId,
        CreateVolumeGroupSnapshotResponse made => made.GroupSnapshot?.GroupSnapshotId,
        _ => null,
    };
}
