namespace Strake.Containers.Mounts;

/// <summary>What <c>--volumes-from</c> says: <c>container[:mode]</c>.</summary>
/// <param name="Container">Name or id of the container whose mounts are taken over.</param>
/// <param name="ReadOnly">Whether they become read-only; they never become more than they were.</param>
sealed record VolumesFrom(string Container, bool ReadOnly)
{
    /// <summary>Parses one. Pure.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <exception cref="StrakeException">Invalid: in Docker's words.</exception>
    public static VolumesFrom Parse(string text)
    {
        if (text.Length == 0)
            throw StrakeException.Invalid("volumes-from specification cannot be an empty string");
        string[] fields = text.Split(':', 2);
        string written = fields.Length == 2 ? fields[1] : "";
        // How a mount spreads and what is copied was settled with the container that has it.
        return MountMode.TryParse(written) is { Propagation: "", NoCopy: false } mode
            ? new VolumesFrom(fields[0], mode.ReadOnly)
            : throw StrakeException.Invalid($"invalid mode: {written}");
    }
}
