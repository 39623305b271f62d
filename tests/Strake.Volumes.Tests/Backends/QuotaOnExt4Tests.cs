using System.Diagnostics;
using System.Globalization;
using Strake.Linux;

namespace Strake.Volumes.Tests.Backends;

/// <summary>
/// Directories of an ext4 with project quota, where the kernel has that. Its limits do not bind who has CAP_SYS_RESOURCE, as the tests have and containers
/// have not; so a program without it writes.
/// </summary>
[Trait("Kernel", "stock")]
public sealed class QuotaOnExt4Tests(Ext4WithQuota disk) : VolumeBackendSuite(disk.NewFolder(), "quota"), IClassFixture<Ext4WithQuota>
{
    /// <inheritdoc/>
    protected override Errno Refused => Errno.EDQUOT;

    /// <inheritdoc/>
    protected override long Write(string path, long most, out Errno refused)
    {
        refused = Errno.None;
        long written = 0;
        foreach (int chunk in (ReadOnlySpan<int>)[Megabyte, 4096, 1])
        {
            string rest = (most - written).ToString(CultureInfo.InvariantCulture);
            string words = Run($"head -c {rest} /dev/urandom | dd of=\"$0\" bs={chunk} iflag=fullblock oflag=append conv=notrunc,fsync status=none", path);
            written = new FileInfo(path).Length;
            if (words.Length == 0)
                break;
            refused = Told(words);
        }

        return written;
    }

    /// <inheritdoc/>
    protected override int MakeFiles(string path, int most, out Errno refused)
    {
        string words = Run($"i=0; while [ $i -lt {most} ]; do : >\"$0/$i\" || exit; i=$((i + 1)); done", path);
        refused = words.Length == 0 ? Errno.None : Told(words);
        return Directory.GetFiles(path).Length;
    }

    static string Run(string line, string path)
    {
        var start = new ProcessStartInfo("setpriv", ["--bounding-set=-sys_resource", "sh", "-c", line, path]) { RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using Process shell = Process.Start(start)!;
        string words = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return words;
    }
}
