using Strake.Build;
using Strake.Containers;
using Strake.Layers;

namespace Strake.Daemon.Building;

/// <summary>Runs the programs of builds in containers that users do not see.</summary>
/// <param name="containers">The containers.</param>
sealed class StepRunner(ContainerEngine containers) : IProcessRunner
{
    /// <inheritdoc/>
    public async Task<IProcessResult> RunAsync(BuildProcess process, ProcessOutput output, CancellationToken cancellationToken)
    {
        CreatedContainer created = await containers.CreateAsync(RequestOf(process), cancellationToken);
        try
        {
            ContainerExit exit = await RunAsync(created.Id, output, cancellationToken);
            Container ended = await containers.GetAsync(created.Id, CancellationToken.None);
            return LayerId.TryParse(ended.LayerId, out LayerId layer)
                ? new Result(containers, created.Id, exit.Code, layer)
                : throw StrakeException.Internal($"build step {created.Id}: its layer has no name");
        }
        catch
        {
            await RemoveAsync(containers, created.Id);
            throw;
        }
    }

    async Task<ContainerExit> RunAsync(string id, ProcessOutput output, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task attached = containers.AttachAsync(id, new AttachOptions { Stream = true, Stdout = true, Stderr = true }, new Client(output), Ready, cancellationToken);
        await await Task.WhenAny(connected.Task, attached);
        Task<ContainerExit> ended = containers.WaitAsync(id, WaitCondition.NextExit, cancellationToken);
        await containers.StartAsync(id, cancellationToken);
        ContainerExit exit = await ended;
        await attached;
        return exit;

        ValueTask Ready()
        {
            connected.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }

    static ContainerRequest RequestOf(BuildProcess process) => new(
        Name: null,
        new ContainerConfig
        {
            Cmd = process.Arguments,
            Env = process.Environment,
            WorkingDir = process.WorkingDirectory,
            Hostname = process.HostName,
            User = process.User,
            AttachStdout = true,
            AttachStderr = true,
        },
        new HostSettings
        {
            NetworkMode = process.Network,
            ExtraHosts = process.ExtraHosts,
            ShmSize = process.ShmSizeBytes,
            CgroupParent = process.CgroupParent,
            Ulimits = [.. process.Limits.Select(static limit => new Ulimit(limit.Name, limit.Hard, limit.Soft))],
            Privileged = process.IsPrivileged,
            LogConfig = new LogSettings { Type = "none" },
            Mounts = [.. process.Mounts.Select(MountOf)],
        },
        new NetworkSettings(),
        Step: new StepRoot(process.Root, process.SecretVariables));

    static MountRequest MountOf(ProcessMount mount) => mount.Source is null
        ? new MountRequest { Type = "tmpfs", Target = mount.Target, ReadOnly = mount.IsReadOnly, TmpfsOptions = mount.SizeBytes > 0 ? new TmpfsOptions { SizeBytes = mount.SizeBytes } : null }
        : new MountRequest { Type = "bind", Source = mount.Source, Target = mount.Target, ReadOnly = mount.IsReadOnly };

    // Somebody may have stopped it from outside; what is left of it is removed in any case.
    static async Task RemoveAsync(ContainerEngine containers, string id)
    {
        try
        {
            await containers.RemoveAsync(id, new RemoveOptions { Force = true, Volumes = true }, CancellationToken.None);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.NotFound)
        {
            // Gone already.
        }
    }

    sealed class Result(ContainerEngine containers, string id, int exitCode, LayerId layer) : IProcessResult
    {
        public int ExitCode => exitCode;

        public LayerId Layer => layer;

        public async ValueTask DisposeAsync() => await RemoveAsync(containers, id);
    }

    sealed class Client(ProcessOutput output) : IStreamClient
    {
        public Stream? Input => null;

        public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            output(kind is ContainerStream.Stderr, data, cancellationToken);
    }
}
