using System.Globalization;
using Strake.Linux;

namespace Strake.Containers.Lifecycle;

/// <summary>Reads signals as users write them.</summary>
static class StopSignals
{
    const int Highest = 64;

    /// <summary>A signal by name (<c>KILL</c>, <c>SIGKILL</c>, <c>SIGRTMIN+3</c>) or number.</summary>
    /// <exception cref="StrakeException">Invalid: there is none.</exception>
    public static Signal Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number is > 0 and <= Highest ? (Signal)number : throw Unknown(text);

        string name = text.ToUpperInvariant();
        if (!name.StartsWith("SIG", StringComparison.Ordinal))
            name = "SIG" + name;
        return Enum.TryParse(name, out Signal signal) && signal != Signal.None ? signal : TryRealTime(name) ?? throw Unknown(text);
    }

    // signal(7): glibc keeps the first two of the kernel's real-time signals, so SIGRTMIN is 34; SIGRTMAX is 64.
    static Signal? TryRealTime(string name)
    {
        (int first, string prefix) = name.StartsWith("SIGRTMIN", StringComparison.Ordinal) ? (34, "SIGRTMIN") : (Highest, "SIGRTMAX");
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        string offset = name[prefix.Length..];
        if (offset.Length == 0)
            return (Signal)first;
        bool valid = int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int by) && offset[0] is '+' or '-';
        return valid && first + by is >= 34 and <= Highest ? (Signal)(first + by) : null;
    }

    static StrakeException Unknown(string text) => StrakeException.Invalid($"Invalid signal: {text}");
}
