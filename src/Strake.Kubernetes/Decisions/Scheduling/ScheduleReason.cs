using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Scheduling;

/// <summary>Why the node will not do.</summary>
/// <param name="Text">The reason as messages count it.</param>
/// <param name="CouldBeFreed">Whether the end of other pods would help.</param>
sealed record ScheduleReason(string Text, bool CouldBeFreed = false)
{
    public static ScheduleReason Unschedulable { get; } = new("node(s) were unschedulable");

    public static ScheduleReason Affinity { get; } = new("node(s) didn't match Pod's node affinity/selector");

    public static ScheduleReason Ports { get; } = new("node(s) didn't have free ports for the requested pod ports", CouldBeFreed: true);

    public static ScheduleReason Cpu { get; } = new("Insufficient cpu", CouldBeFreed: true);

    public static ScheduleReason Memory { get; } = new("Insufficient memory", CouldBeFreed: true);

    public static ScheduleReason Pods { get; } = new("Too many pods", CouldBeFreed: true);

    public static ScheduleReason OncePod { get; } = new(
        "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod", CouldBeFreed: true);

    public static ScheduleReason VolumeMissing { get; } = new("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

    public static ScheduleReason VolumeAffinity { get; } = new("node(s) didn't match PersistentVolume's node affinity");

    public static ScheduleReason NoVolume { get; } = new("node(s) didn't find available persistent volumes to bind");

    public static ScheduleReason NoSpace { get; } = new("node(s) did not have enough free storage");

    public static ScheduleReason Tainted(Taint taint) => new($"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}");
}
