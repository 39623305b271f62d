using System.Text;

namespace Strake.Daemon.BuildKit.Progress;

/// <summary>
/// What one step prints, clipped as BuildKit clips it: 2 MiB from the start, a line that says so, and at the end the last 256 KiB.
/// </summary>
sealed class StepLog
{
    /// <summary>How much is shown from the start.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>How much is shown of the end of what was clipped.</summary>
    public const int TailBytes = 256 * 1024;

    static readonly byte[] s_clipped = Encoding.ASCII.GetBytes("\n[output clipped, log limit 2MiB reached]\n");

    byte[]? tail;
    int tailEnd;
    long clippedBytes;
    int shownBytes;

    /// <summary>Takes what was printed.</summary>
    /// <param name="text">The bytes.</param>
    /// <returns>What of it is shown; empty where nothing is.</returns>
    public byte[] Add(ReadOnlySpan<byte> text)
    {
        int shown = Math.Min(text.Length, MaxBytes - shownBytes);
        shownBytes += shown;
        if (shown == text.Length) return text.ToArray();
        bool isFirst = tail is null;
        Keep(text[shown..]);
        return isFirst ? [.. text[..shown], .. s_clipped] : [];
    }

    /// <summary>The step is over.</summary>
    /// <returns>The end of what was clipped; empty where nothing was.</returns>
    public byte[] End()
    {
        if (tail is null) return [];
        // The ring: what lies behind the end is older than what lies before it.
        byte[] kept = clippedBytes <= TailBytes ? tail[..(int)clippedBytes] : [.. tail.AsSpan(tailEnd), .. tail.AsSpan(0, tailEnd)];
        tail = null;
        return kept;
    }

    void Keep(ReadOnlySpan<byte> text)
    {
        tail ??= new byte[TailBytes];
        clippedBytes += text.Length;
        if (text.Length > TailBytes) text = text[^TailBytes..];
        int first = Math.Min(text.Length, TailBytes - tailEnd);
        text[..first].CopyTo(tail.AsSpan(tailEnd));
        text[first..].CopyTo(tail);
        tailEnd = (tailEnd + text.Length) % TailBytes;
    }
}
