using System.Text;

namespace Strake.Linux;

/// <summary>
/// One mount, as a record: what, where, how. A driver gives a list of these; <see cref="Attach"/> carries one out.
/// </summary>
/// <param name="Type">The file system's type; empty for a bind.</param>
/// <param name="Source">The device, directory or name.</param>
/// <param name="Target">The directory, or file for a bind of a file, that it covers; it exists.</param>
/// <param name="Flags">How; propagation flags are applied after the mount is made.</param>
/// <param name="Data">The file system's own options, comma-separated; empty for none.</param>
public sealed record Mount(string Type, string Source, string Target, MountFlags Flags = MountFlags.None, string Data = "")
{
    const MountFlags PropagationMask = MountFlags.Unbindable | MountFlags.Private | MountFlags.Slave | MountFlags.Shared;
    const MountFlags AboutTheCall = MountFlags.Bind | MountFlags.Recursive | MountFlags.Remount | MountFlags.Move | MountFlags.Silent;

    static readonly TimeSpan ProgramPatience = TimeSpan.FromMinutes(1);

    static readonly (MountFlags Flag, string Name)[] Names =
    [
        (MountFlags.NoSetUid, "nosuid"),
        (MountFlags.NoDevices, "nodev"),
        (MountFlags.NoExecute, "noexec"),
        (MountFlags.Synchronous, "sync"),
        (MountFlags.DirectorySync, "dirsync"),
        (MountFlags.NoSymlinkFollow, "nosymfollow"),
        (MountFlags.NoAccessTime, "noatime"),
        (MountFlags.NoDirectoryAccessTime, "nodiratime"),
        (MountFlags.RelativeAccessTime, "relatime"),
        (MountFlags.StrictAccessTime, "strictatime"),
        (MountFlags.LazyTime, "lazytime"),
    ];

    /// <summary>
    /// The directory from which relative paths in <see cref="Data"/> lead; null: they are absolute. Shorter paths let more of them fit into the page of
    /// options that mount(2) takes.
    /// </summary>
    public string? Base { get; init; }

    /// <summary>
    /// The program that makes the mount, for a file system in user space: a path; null: the kernel makes it. It is run as programs of FUSE are, with
    /// <c>-o</c>, <see cref="Data"/> and <see cref="Target"/>, from <see cref="Base"/>, and leaves a process behind that serves the mount until that is gone.
    /// </summary>
    public string? Program { get; init; }

    /// <summary>A directory or file that appears at a second place.</summary>
    /// <param name="source">What appears.</param>
    /// <param name="target">Where; of the same kind.</param>
    /// <param name="flags">More of how: read-only, recursive, propagation.</param>
    public static Mount Bind(string source, string target, MountFlags flags = MountFlags.None) =>
        new("", source, target, flags | MountFlags.Bind);

    /// <summary>
    /// Carries the mount out. If a later step fails, what was mounted is taken off again. Options longer than the page that mount(2) takes
    /// go option by option (see <see cref="FsContext"/>); for overlay this bounds the number of layers by the kernel's limit alone.
    /// </summary>
    /// <returns>The mount as a scope, which the caller disposes or releases.</returns>
    /// <exception cref="LinuxException">A step failed; nothing is mounted.</exception>
    public MountScope Attach()
    {
        AttachFirst();
        var scope = new MountScope(Target);
        try
        {
            AttachRest();
            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>As mount(8) shows it: <c>source on target type type (rw,nodev,…)</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Source} on {Target} type {(Type.Length == 0 ? "none" : Type)} (");
        text.Append(Flags.HasFlag(MountFlags.ReadOnly) ? "ro" : "rw");
        foreach (var (flag, name) in Names)
        {
            if (Flags.HasFlag(flag))
                text.Append(',').Append(name);
        }

        if (Flags.HasFlag(MountFlags.Bind))
            text.Append(Flags.HasFlag(MountFlags.Recursive) ? ",rbind" : ",bind");

        if (Data.Length > 0)
            text.Append(',').Append(Data);

        return text.Append(')').ToString();
    }

    void AttachFirst()
    {
        if (Program is not null)
            AttachByProgram(Program);
        else if (Base is not null)
            OtherDirectory.Run(Base, () => Syscall.Mount(Source, Target, Type, Flags & ~PropagationMask, Data));
        else if (Encoding.UTF8.GetByteCount(Data) >= Environment.SystemPageSize)
            AttachByContext();
        else if (Flags.HasFlag(MountFlags.Bind))
            Syscall.Mount(Source, Target, null, Flags & (MountFlags.Bind | MountFlags.Recursive));
        else
            Syscall.Mount(Source, Target, Type, Flags & ~PropagationMask, Data);
    }

    void AttachByProgram(string program)
    {
        var start = new ChildProcessStart
        {
            Program = program,
            Arguments = ["-o", Flags.HasFlag(MountFlags.ReadOnly) ? $"{Data},ro" : Data, Target],
            Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"],
            WorkingDirectory = Base,
        };
        try
        {
            // A mount is brief, and whoever makes one waits: there is no other kind of call.
            var child = ChildProcess.RunAsync(start, new ChildRunLimits { Timeout = ProgramPatience }, CancellationToken.None).GetAwaiter().GetResult();
            if (!child.Status.IsSuccess)
                throw new LinuxException(Errno.EINVAL, program, Target, $"{child.Status}: {child.ErrorText.Trim().Split('\n')[^1].Trim()}");
        }
        catch (TimeoutException e)
        {
            throw new LinuxException(Errno.ETIMEDOUT, program, Target, e.Message);
        }
    }

    // A bind ignores all other flags, and propagation is a call of its own: mount(2), "Creating a bind mount".
    void AttachRest()
    {
        var attributes = Flags & ~PropagationMask & ~AboutTheCall;
        if (Flags.HasFlag(MountFlags.Bind) && attributes != MountFlags.None)
            Syscall.Mount(null, Target, null, attributes | LockedFlags() | MountFlags.Bind | MountFlags.Remount);

        if ((Flags & PropagationMask) != MountFlags.None)
            Syscall.Mount(null, Target, null, Flags & (PropagationMask | MountFlags.Recursive));
    }

    // A remount sets all flags: those that the source's mount has, such as nosuid, would be lost. statfs has them with mount's numbers.
    MountFlags LockedFlags()
    {
        const MountFlags kept = MountFlags.ReadOnly | MountFlags.NoSetUid | MountFlags.NoDevices | MountFlags.NoExecute
            | MountFlags.NoAccessTime | MountFlags.NoDirectoryAccessTime;
        return (MountFlags)(ulong)Syscall.StatFs(Target).MountFlagBits & kept;
    }

    void AttachByContext()
    {
        using var context = new FsContext(Type);
        context.Set("source", Source);
        foreach (var option in MountData.Split(Data))
        {
            if (option.Value is null)
                context.SetFlag(option.Key);
            else if (option.Directory is { } directory && Encoding.UTF8.GetByteCount(option.Value) > FsContext.LongestText)
                context.SetDirectory(option.Key, directory);
            else
                context.Set(option.Key, option.Value);
        }

        if (Flags.HasFlag(MountFlags.ReadOnly))
            context.SetFlag("ro");

        context.Create();
        using var mount = context.Mount(Attributes());
        Syscall.MoveMount(mount, Syscall.WorkingDirectory, PathBytes.Encode(Target));
    }

    MountAttributes Attributes()
    {
        var attributes = MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.ReadOnly) ? MountAttributes.ReadOnly : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.NoSetUid) ? MountAttributes.NoSetUid : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.NoDevices) ? MountAttributes.NoDevices : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.NoExecute) ? MountAttributes.NoExecute : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.NoAccessTime) ? MountAttributes.NoAccessTime : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.StrictAccessTime) ? MountAttributes.StrictAccessTime : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.NoDirectoryAccessTime) ? MountAttributes.NoDirectoryAccessTime : MountAttributes.None;
        attributes |= Flags.HasFlag(MountFlags.NoSymlinkFollow) ? MountAttributes.NoSymlinkFollow : MountAttributes.None;
        return attributes;
    }
}
