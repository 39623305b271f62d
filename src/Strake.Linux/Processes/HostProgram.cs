namespace Strake.Linux;

/// <summary>Programs of the host that know file systems better than we should: <c>zfs</c>, <c>mkfs.ext4</c>, <c>mount.nfs</c>.</summary>
public static class HostProgram
{
    static readonly string[] s_folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>The path of a program; null when it is not there.</summary>
    /// <param name="name">Its name, without a folder.</param>
    public static string? Find(string name) => s_folders.Select(folder => $"{folder}/{name}").FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; null when it is not there. Nothing of our environment reaches it.</summary>
    /// <param name="name">Its name, without a folder.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="TimeoutException">It took longer than ten minutes, and was killed.</exception>
    public static async Task<HostProgramResult?> RunAsync(string name, IReadOnlyList<string> arguments)
    {
        if (Find(name) is not { } path)
            return null;
        var start = new ChildProcessStart { Program = path, Arguments = arguments, Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"] };
        var child = await ChildProcess.RunAsync(start, new ChildRunLimits { Timeout = s_patience }, CancellationToken.None);
        var said = (child.ErrorText.AsSpan().IsWhiteSpace() ? child.OutputText : child.ErrorText).Trim();
        return new(child.Status, child.OutputText, $"{name} {string.Join(' ', arguments)}: {child.Status}: {said.Split('\n')[^1].Trim()}");
    }
}
