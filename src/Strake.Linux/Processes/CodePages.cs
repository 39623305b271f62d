using System.Globalization;

namespace Strake.Linux;

/// <summary>The pages of programs and libraries that this process has mapped.</summary>
public static class CodePages
{
    /// <summary>
    /// Lets go of code and of shared read-only data that files hold. What a start touched once, and what the kernel mapped around it on
    /// suspicion (16 pages a fault), no longer counts as this process's; what is still needed comes back from the page cache, a few
    /// microseconds a fault.
    /// </summary>
    /// <returns>Bytes of address space let go of; most of them were not resident.</returns>
    /// <exception cref="IOException">/proc cannot be read, or the kernel refused.</exception>
    public static long Release()
    {
        long released = 0;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            if (!TryParse(line, out var start, out var end))
                continue;

            Syscall.ReleasePages(start, end - start);
            released += (long)(end - start);
        }

        return released;
    }

    // "559ce2151000-559ce2d63000 r-xp 01433000 fe:00 131 /usr/bin/strake": range, permissions, offset, device, inode, path (proc_pid_maps(5)).
    // Code (r-x) is never written to, nor is what is mapped shared without the right to write; private data may have been, by the linker.
    internal static bool TryParse(ReadOnlySpan<char> line, out nuint start, out nuint end)
    {
        start = end = 0;
        var dash = line.IndexOf('-');
        var space = line.IndexOf(' ');
        if (dash <= 0 || space < dash)
            return false;

        var permissions = line.Slice(space + 1, 4);
        var path = line.IndexOf('/');
        var ofFile = path > 0 && !line[path..].StartsWith("/memfd:", StringComparison.Ordinal) && !line[path..].StartsWith("/dev/", StringComparison.Ordinal);
        return ofFile && permissions is ("r-xp" or "r--s")
            && nuint.TryParse(line[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out start)
            && nuint.TryParse(line[(dash + 1)..space], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out end);
    }
}
