using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// A program that was started by us. It is started with posix_spawn, which shares our memory until exec as vfork does, so the start costs the same
/// from a large process; and it is collected as soon as it ends, so there are no zombies and nothing to dispose.
/// <example><code>
/// var child = ChildProcess.Start(new() { Program = "/usr/bin/conmon", Arguments = ["--version"] });
/// var status = await child.Exited;
/// </code></example>
/// </summary>
/// <remarks>
/// System.Diagnostics.Process is not used: it cannot pass descriptors. The two live side by side: its SIGCHLD handler looks for its own children only.
/// <para>
/// Between fork and exec a child has a copy of every descriptor of ours, as any child of a process with threads. So what is closed by us meanwhile is
/// closed for good a fraction of a millisecond later: the end of a pipe, a lock of flock, a file system that is to be unmounted without
/// MNT_DETACH, a program that was just written and is to be run (ETXTBSY).
/// </para>
/// </remarks>
public sealed class ChildProcess
{
    readonly SafeFileHandle handle;
    readonly bool leadsGroup;

    ChildProcess(int id, SafeFileHandle handle, bool leadsGroup)
    {
        Id = id;
        this.handle = handle;
        this.leadsGroup = leadsGroup;
        Exited = CollectAsync();
    }

    /// <summary>Its number; another process may get it after <see cref="Exited"/>.</summary>
    public int Id { get; }

    /// <summary>How it ended; not completed while it runs. Fails only where another part of the process has collected it (ECHILD).</summary>
    public Task<ExitStatus> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <exception cref="LinuxException">It cannot be started: ENOENT where it, its interpreter or its directory is not there, EACCES where it may not be run.</exception>
    /// <exception cref="ArgumentException">A text holds a NUL, or a descriptor's number is below 3.</exception>
    public static ChildProcess Start(ChildProcessStart start)
    {
        if (start.Descriptors.Keys.Any(static number => number < 3))
            throw new ArgumentException("Descriptors below 3 are Input, Output and Error.", nameof(start));

        Syscall.KeepExitStatuses();
        var id = Spawn(start);

        // The number is the child's until we collect it, so this cannot be another process. The child that we cannot watch (EMFILE) must not stay.
        try
        {
            var process = Syscall.TryPidfdOpen(id) ?? throw new LinuxException(Errno.ESRCH, "pidfd_open", start.Program);
            var child = new ChildProcess(id, process, start.NewSession || start.NewProcessGroup);
            return child.Exited.Exception is null ? child : throw child.Exited.Exception.GetBaseException();
        }
        catch
        {
            Syscall.Kill(id, Signal.SIGKILL);
            Syscall.Wait(id);
            throw;
        }
    }

    /// <summary>
    /// Runs a program to its end and keeps the first of what it writes. Its end is its own exit: what it started and left running, with our pipes
    /// open, is not waited for. It leads a process group, which is killed when the time is over or the token cancelled.
    /// </summary>
    /// <param name="start">The program; its Output and Error are set here.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    /// <exception cref="TimeoutException">It took longer than the limit; it is dead.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; it is dead.</exception>
    public static async Task<ChildOutput> RunAsync(ChildProcessStart start, ChildRunLimits limits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var output = Syscall.Pipe2();
        using var error = Syscall.Pipe2();
        var child = Start(start with { Output = output.Write, Error = error.Write, NewProcessGroup = true });
        output.Write.Dispose();
        error.Write.Dispose();

        using var over = limits.Timeout is { } time
            ? new CancellationTokenSource(time, limits.TimeProvider)
            : new CancellationTokenSource();
        await using var killInTime = over.Token.UnsafeRegister(static state => ((ChildProcess)state!).Kill(), child);
        await using var killOnCancel = cancellationToken.UnsafeRegister(static state => ((ChildProcess)state!).Kill(), child);

        var outputText = BoundedOutput.ReadAsync(output.Read, limits.OutputBytes, child.Exited);
        var errorText = BoundedOutput.ReadAsync(error.Read, limits.OutputBytes, child.Exited);
        var status = await child.Exited;
        var (outputBytes, outputCut) = await outputText;
        var (errorBytes, errorCut) = await errorText;

        if (status.Signal == Signal.SIGKILL)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (over.IsCancellationRequested)
                throw new TimeoutException($"{start.Program} was killed: it took longer than {limits.Timeout}.");
        }

        return new(status, outputBytes, errorBytes, outputCut || errorCut);
    }

    /// <summary>Runs a program to its end, with an input: given as a file in memory, so that a program which does not read it hinders nobody.</summary>
    /// <param name="start">The program; its Input, Output and Error are set here.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="LinuxException">It cannot be started.</exception>
    /// <exception cref="TimeoutException">It took longer than the limit; it is dead.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; it is dead.</exception>
    public static async Task<ChildOutput> RunAsync(
        ChildProcessStart start, ReadOnlyMemory<byte> input, ChildRunLimits limits, CancellationToken cancellationToken)
    {
        using var file = Syscall.MemFdCreate("input");
        RandomAccess.Write(file, input.Span, 0);
        return await RunAsync(start with { Input = file }, limits, cancellationToken);
    }

    /// <summary>Sends it a signal; false where it has ended.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public bool Send(Signal signal) => Reach(process => Syscall.PidfdSendSignal(process, signal));

    /// <summary>Kills it, and where it leads a process group all that is in the group; false where it has ended.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public bool Kill() => Reach(process => leadsGroup
        ? Syscall.PidfdSendSignalToGroup(process, Id, Signal.SIGKILL)
        : Syscall.PidfdSendSignal(process, Signal.SIGKILL));

    bool Reach(Func<SafeFileHandle, bool> send)
    {
        if (Exited.IsCompleted)
            return false;

        try
        {
            return send(handle);
        }
        catch (ObjectDisposedException)
        {
            // Collected meanwhile.
            return false;
        }
    }

    static int Spawn(ChildProcessStart start)
    {
        using var arguments = new NativeStrings([start.Program, .. start.Arguments]);
        using var environment = new NativeStrings(start.Environment);
        using var descriptors = new ChildDescriptors(start);
        using var plan = new Syscall.SpawnPlan();
        plan.Begin(start.NewSession, start.NewProcessGroup);
        descriptors.Plan(plan);
        if (start.WorkingDirectory is { } directory)
            plan.ChangeDirectory(directory);

        var subject = start.WorkingDirectory is null ? start.Program : $"{start.Program} in {start.WorkingDirectory}";
        return plan.Spawn(start.Program, arguments, environment, subject);
    }

    async Task<ExitStatus> CollectAsync()
    {
        using (handle)
        {
            while (true)
            {
                await Readiness.WaitAsync(handle, PollEvents.Readable, CancellationToken.None);
                if (Syscall.TryWait(handle) is { } status)
                    return status;
            }
        }
    }
}
