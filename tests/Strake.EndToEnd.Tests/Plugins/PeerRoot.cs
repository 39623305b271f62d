using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>
/// Where other engines are installed, as their programs see it in a test: a copy-on-write view of that root directory, in mount and process
/// namespaces of its own. Nothing is written to it, and with the first process all ends that it has started.
/// </summary>
public static class PeerRoot
{
    // $1 the root directory, $2 a folder for the view, $3 the folder for temporary files, which is seen at the same path, $4 what is seen
    // at /etc/docker/plugins; the rest is the command. Its /run is empty: no socket of another engine is found there.
    const string Enter = """
        set -e
        mount -t tmpfs tmpfs "$2"
        mkdir "$2/upper" "$2/work" "$2/root"
        mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
        cd "$2/root"
        mkdir -p proc sys dev run .old "./$3" etc/docker/plugins
        mount -t proc proc proc
        mount --rbind /sys sys
        mount --rbind /dev dev
        mount -t tmpfs tmpfs run
        mount --rbind "$3" "./$3"
        mount --bind "$4" etc/docker/plugins
        pivot_root . .old
        shift 4
        exec chroot . /bin/sh -c 'cd /; umount -l /.old; exec "$@"' sh "$@"
        """;

    static readonly string[] s_places = ["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin"];

    /// <summary>Skips the test where a program is not installed.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="package">The distribution's package that has it.</param>
    public static void Require(string program, string package) => Assert.SkipUnless(
        s_places.Any(place => File.Exists(Path.Combine(TestSetting.PeerRoot, place, program))),
        $"no {program} in {TestSetting.PeerRoot}: install one (Debian: {package}), or name the root directory of one by STRAKE_TEST_PEER_ROOT");

    /// <summary>The command line that runs a program there. The folder for temporary files is seen at the path that it has here.</summary>
    /// <param name="view">An empty folder for the view.</param>
    /// <param name="plugins">A folder that is seen at <c>/etc/docker/plugins</c>.</param>
    /// <param name="command">The program with its arguments.</param>
    public static string[] Command(string view, string plugins, params string[] command) =>
    [
        "env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "slave", "sh", "-c", Enter, "sh",
        TestSetting.PeerRoot, view, Path.TrimEndingDirectorySeparator(Path.GetTempPath()), plugins, .. command,
    ];
}
