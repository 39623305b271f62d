namespace Strake.Containers;

/// <summary>Options of a tmpfs mount.</summary>
public sealed record TmpfsOptions
{
    /// <summary>Bytes; 0: no limit.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Mode of its root, Unix permission bits; 0: 1777.</summary>
    public uint Mode { get; init; }

    /// <summary>Mount options, each one or two words: <c>["noexec"]</c>, <c>["uid", "7"]</c>.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Options { get; init; }
}
