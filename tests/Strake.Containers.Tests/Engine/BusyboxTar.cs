using System.Formats.Tar;
using System.Text;

namespace Strake.Containers.Tests.Engine;

/// <summary>The tar of a small root file system: the host's static busybox, and files that tests look at.</summary>
static class BusyboxTar
{
    static readonly string[] Applets =
    [
        "sh", "true", "false", "cat", "echo", "sleep", "id", "ls", "env", "pwd", "mkdir", "rm", "touch", "kill", "stty", "head",
        "wc", "dd", "tail", "grep", "stat", "test", "hostname", "mount", "chmod", "ln", "readlink", "ip", "ps", "od", "sort", "printf", "df",
    ];

    public static MemoryStream Make()
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (string directory in (string[])["bin", "etc", "tmp", "data", "home"])
                writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, directory + "/") { Mode = (UnixFileMode)0b111_101_101 });
            using (FileStream busybox = File.OpenRead("/bin/busybox"))
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = busybox });
            foreach (string applet in Applets)
                writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox" });
            Add(writer, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/:/bin/false\njane:x:1000:1000::/home/jane:/bin/sh\n");
            Add(writer, "etc/group", "root:x:0:\ndaemon:x:1:\nwheel:x:10:root,jane\nusers:x:100:jane\njane:x:1000:\n");
            Add(writer, "data/from-image", "image content\n");
            Add(writer, "etc/text", "no program\n");
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "etc/toproc") { LinkName = "/proc/self/fd" });
        }

        stream.Position = 0;
        return stream;
    }

    static void Add(TarWriter writer, string name, string text) => writer.WriteEntry(
        new PaxTarEntry(TarEntryType.RegularFile, name) { Mode = (UnixFileMode)0b110_100_100, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
}
