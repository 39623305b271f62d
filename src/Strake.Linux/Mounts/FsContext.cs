using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// A file system in the making (fsopen, fsconfig, fsmount): options are given one by one, so their number has no bound as mount(2)'s page has,
/// and the kernel says in words what it refuses.
/// </summary>
public sealed class FsContext : IDisposable
{
    /// <summary>The longest text of an option; bytes (strndup_user(_value, 256) in fs/fsopen.c).</summary>
    public const int LongestText = 255;

    readonly SafeFileHandle context;
    readonly string type;

    /// <summary>Begins one of a type.</summary>
    /// <exception cref="LinuxException">ENODEV where the kernel has no such type.</exception>
    public FsContext(string type)
    {
        this.type = type;
        context = Syscall.FsOpen(type);
    }

    /// <summary>Sets an option without a value, such as <c>ro</c>.</summary>
    /// <exception cref="LinuxException">The file system refuses it; the message has its words.</exception>
    public void SetFlag(string key) => Check(Syscall.FsConfig(context, FsConfigCommand.SetFlag, key), key);

    /// <summary>Sets an option with a text.</summary>
    /// <param name="key">The option.</param>
    /// <param name="value">The text; at most <see cref="LongestText"/> bytes.</param>
    /// <exception cref="LinuxException">The file system refuses it; the message has its words.</exception>
    public void Set(string key, string value) => Check(Syscall.FsConfig(context, FsConfigCommand.SetString, key, value), $"{key}={value}");

    /// <summary>Sets an option to a directory, given as an open one: of a path of any length, but overlayfs knows it since Linux 6.13 only.</summary>
    /// <exception cref="LinuxException">The file system refuses it, or the directory cannot be opened.</exception>
    public void SetDirectory(string key, string path)
    {
        using var directory = Syscall.Open(path, OpenFlags.Path | OpenFlags.Directory);
        var descriptor = (int)directory.DangerousGetHandle();
        Check(Syscall.FsConfig(context, FsConfigCommand.SetDescriptor, key, auxiliary: descriptor), $"{key}={path}");
    }

    /// <summary>Makes the file system; after this no option can be set.</summary>
    /// <exception cref="LinuxException">The file system cannot be made of these options; the message has its words.</exception>
    public void Create() => Check(Syscall.FsConfig(context, FsConfigCommand.Create), "create");

    /// <summary>A mount of the file system, which lies nowhere yet: see <see cref="Syscall.MoveMount"/>. The caller disposes the handle.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public SafeFileHandle Mount(MountAttributes attributes) => Syscall.FsMount(context, attributes);

    /// <summary>Closes the context; mounts made of it stay.</summary>
    public void Dispose() => context.Dispose();

    void Check(Errno errno, string option)
    {
        if (errno != Errno.None)
            throw new LinuxException(errno, "fsconfig", $"{type} {option}", ReadLog());
    }

    // Each read gives one line: "e overlay: ..." (e error, w warning, i information); ENODATA after the last.
    string? ReadLog()
    {
        var lines = new List<string>();
        Span<byte> line = stackalloc byte[1024];
        for (var length = Line(line); length > 0; length = Line(line))
            lines.Add(Encoding.UTF8.GetString(line[..length]).TrimEnd());

        return lines.Count == 0 ? null : string.Join("; ", lines);
    }

    int Line(Span<byte> buffer)
    {
        try
        {
            return Syscall.TryRead(context, buffer);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENODATA or Errno.EMSGSIZE)
        {
            return 0;
        }
    }
}
