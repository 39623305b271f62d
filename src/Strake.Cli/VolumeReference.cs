using Strake.State;

namespace Strake.Cli;

/// <summary>A volume, or one of its snapshots: <c>VOLUME</c> or <c>VOLUME@SNAPSHOT</c>.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Snapshot">The snapshot; null: the volume as it is.</param>
sealed record VolumeReference(string Volume, string? Snapshot)
{
    /// <summary>Reads what a user wrote.</summary>
    /// <exception cref="StrakeException">Invalid: nothing stands before or behind the sign.</exception>
    public static VolumeReference Parse(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) return new(text, null);
        return at > 0 && at < text.Length - 1
            ? new(text[..at], text[(at + 1)..])
            : throw StrakeException.Invalid($"{text} names no snapshot; write VOLUME@SNAPSHOT");
    }

    /// <summary>The query that names the snapshot, to be put behind another; empty where there is none.</summary>
    public string Query(char separator) => Snapshot is null ? "" : $"{separator}snapshot={Uri.EscapeDataString(Snapshot)}";
}
