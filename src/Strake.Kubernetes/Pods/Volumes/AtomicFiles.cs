using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>
/// Files that change all at once: who reads them sees the old ones or the new ones, never some of each. The swap is one rename of a link.
/// </summary>
/// <remarks>
/// As Kubernetes lays them out, so that programs that watch for <c>..data</c> find it:
/// <code>
/// &lt;volume&gt;/
///   ..2026_01_02_03_04_05.67/app.conf   the files
///   ..data -> ..2026_01_02_03_04_05.67
///   app.conf -> ..data/app.conf         a link for each name at the top
/// </code>
/// </remarks>
static class AtomicFiles
{
    const string Current = "..data";

    /// <summary>Makes a directory show some files, and no others. What shows them already is left alone.</summary>
    /// <param name="directory">The directory; it exists.</param>
    /// <param name="files">The files by their relative paths.</param>
    /// <param name="now">The time that names the new files' directory.</param>
    /// <param name="group">The group that gets the files; null: root's.</param>
    /// <returns>Whether anything changed.</returns>
    public static bool Write(string directory, IReadOnlyDictionary<string, FilePayload> files, DateTimeOffset now, uint? group)
    {
        string? before = new FileInfo(Path.Combine(directory, Current)).LinkTarget;
        if (before is not null && Shows(Path.Combine(directory, before), files)) return false;
        string stamp = NewName(directory, now);
        string target = Path.Combine(directory, stamp);
        Directory.CreateDirectory(target, Permissions.Octal0755);
        foreach ((string path, FilePayload file) in files) WriteFile(Path.Combine(target, path), file);
        if (group is { } gid) FileGroups.Set(target, gid, readOnly: true);

        // The point at which readers see the new files.
        string link = Path.Combine(directory, Current + "_tmp");
        File.Delete(link);
        File.CreateSymbolicLink(link, stamp);
        Syscall.RenameAt(Syscall.WorkingDirectory, PathBytes.Encode(link), Syscall.WorkingDirectory, PathBytes.Encode(Path.Combine(directory, Current)));

        HashSet<string> tops = [.. files.Keys.Select(static path => path.Split('/')[0])];
        foreach (string top in tops) Link(directory, top);
        foreach (string entry in Directory.EnumerateFileSystemEntries(directory).Select(static path => Path.GetFileName(path)).ToArray())
            if (!tops.Contains(entry) && entry != Current && entry != stamp) RemoveOld(Path.Combine(directory, entry));
        return true;
    }

    static void Link(string directory, string top)
    {
        string path = Path.Combine(directory, top), to = $"{Current}/{top}";
        if (new FileInfo(path).LinkTarget == to) return;
        File.CreateSymbolicLink(path, to);
    }

    static void RemoveOld(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) File.Delete(path);
        else if (Directory.Exists(path)) TreeRemoval.Remove(path);
        else File.Delete(path);
    }

    static void WriteFile(string path, FilePayload file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, Permissions.Octal0755);
        File.WriteAllBytes(path, file.Content);
        File.SetUnixFileMode(path, file.Mode);
    }

    static bool Shows(string directory, IReadOnlyDictionary<string, FilePayload> files)
    {
        if (!Directory.Exists(directory)) return false;
        string[] there = [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)];
        return there.Length == files.Count && there.All(path =>
            files.TryGetValue(Path.GetRelativePath(directory, path), out FilePayload? file) && File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content));
    }

    static string NewName(string directory, DateTimeOffset now)
    {
        string stamp = now.UtcDateTime.ToString("..yyyy'_'MM'_'dd'_'HH'_'mm'_'ss'.'fffffff", CultureInfo.InvariantCulture);
        while (Directory.Exists(Path.Combine(directory, stamp))) stamp += "0";
        return stamp;
    }
}
