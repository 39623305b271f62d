using System.Text.Json.Serialization;

namespace Strake.Containers;

/// <summary>Options of a bind mount.</summary>
public sealed record BindOptions
{
    /// <summary><c>rprivate</c> (default), <c>private</c>, <c>rshared</c>, <c>shared</c>, <c>rslave</c>, <c>slave</c>.</summary>
    public string? Propagation { get; init; }

    /// <summary>Whether mounts below the source are left out.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Whether a missing source is made.</summary>
    public bool CreateMountpoint { get; init; }

    /// <summary>Whether <see cref="MountRequest.ReadOnly"/> holds for the topmost mount only.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>Whether it is an error when mounts below the source cannot be made read-only too.</summary>
    public bool ReadOnlyForceRecursive { get; init; }

    /// <summary>
    /// A path inside the source that is mounted in its place, resolved by the kernel and never out of the source; empty: the source. Docker's API has no word for it;
    /// pods' volumes have.
    /// </summary>
    [JsonIgnore]
    public string? Subpath { get; init; }
}
