using System.Collections.ObjectModel;

namespace Strake.Volumes;

/// <summary>What somebody asks of the built-in driver without going through its socket; the words are those of its interface.</summary>
/// <param name="Name">The volume's name, and its id.</param>
/// <param name="RequiredBytes">The least size.</param>
public sealed record ServedOrder(string Name, long RequiredBytes)
{
    /// <summary>Whether it is to be a device.</summary>
    public bool IsBlock { get; init; }

    /// <summary>The file system; empty: the driver's choice.</summary>
    public string FsType { get; init; } = "";

    /// <summary>How it will be mounted.</summary>
    public IReadOnlyList<string> MountFlags { get; init; } = [];

    /// <summary>What it is to be, as classes say it; those that begin with <c>csi.storage.k8s.io/</c> become labels.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Those of its parameters that can be changed later.</summary>
    public IReadOnlyDictionary<string, string> MutableParameters { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The snapshot that it begins as; null: none.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The volume that it begins as a copy of; null: none.</summary>
    public string? Original { get; init; }
}
