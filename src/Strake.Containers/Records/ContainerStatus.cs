using System.Text.Json.Serialization;

namespace Strake.Containers;

/// <summary>Where a container stands in its life, in Docker's words.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ContainerStatus>))]
public enum ContainerStatus
{
    /// <summary>Made and never started.</summary>
    [JsonStringEnumMemberName("created")] Created,

    /// <summary>Its process runs.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>Its processes are frozen.</summary>
    [JsonStringEnumMemberName("paused")] Paused,

    /// <summary>It has ended and will be started again by its restart policy.</summary>
    [JsonStringEnumMemberName("restarting")] Restarting,

    /// <summary>It has ended.</summary>
    [JsonStringEnumMemberName("exited")] Exited,

    /// <summary>It is being removed.</summary>
    [JsonStringEnumMemberName("removing")] Removing,

    /// <summary>A removal failed; only removing it again is possible.</summary>
    [JsonStringEnumMemberName("dead")] Dead,
}
