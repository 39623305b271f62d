namespace Strake.Volumes;

/// <summary>
/// A holder that is another engine's: <c>engine/&lt;boot&gt;-&lt;mount id&gt;</c>. Nobody here knows when such an engine goes; what is sure is that it and
/// its mounts do not outlive the machine's run.
/// </summary>
public static class ForeignHolder
{
    const string Prefix = "engine/";
    const int BootDigits = 8;

    static readonly Lazy<string> s_boot = new(static () => File.ReadAllText("/proc/sys/kernel/random/boot_id")[..BootDigits]);

    /// <summary>The holder of a mount that another engine asked for now.</summary>
    /// <param name="mountId">The id that the engine gave it.</param>
    /// <exception cref="StrakeException">Invalid: the id cannot be one.</exception>
    public static string Of(string mountId)
    {
        const int MaxLength = 128;
        bool valid = mountId.Length is > 0 and <= MaxLength && mountId.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
        return valid ? $"{Prefix}{s_boot.Value}-{mountId}" : throw StrakeException.Invalid($"\"{mountId}\" is no id of a mount");
    }

    /// <summary>Whether a holder is another engine's that may still have its mount.</summary>
    /// <param name="holder">A holder of any kind.</param>
    public static bool IsLive(string holder) => holder.StartsWith($"{Prefix}{s_boot.Value}-", StringComparison.Ordinal);
}
