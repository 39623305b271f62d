using System.Text.Json.Serialization;

namespace Strake.Daemon.StrakeApi;

/// <summary>The serializers of Strake's own calls on volumes.</summary>
[JsonSerializable(typeof(VolumeReport))]
[JsonSerializable(typeof(VolumeReportList))]
[JsonSerializable(typeof(VolumeCopyReport))]
[JsonSerializable(typeof(SnapshotReport))]
[JsonSerializable(typeof(SnapshotReportList))]
[JsonSerializable(typeof(TrashedVolumeReport))]
[JsonSerializable(typeof(TrashedVolumeReportList))]
[JsonSerializable(typeof(EmptiedTrashReport))]
public sealed partial class StrakeJson : JsonSerializerContext;
