using Strake.Containers.Logs;
using Strake.Containers.Runtime;
using Strake.Containers.Spec;

namespace Strake.Containers.Engine;

/// <summary>Puts an engine together and brings its records in line with what runs.</summary>
static class EngineStart
{
    /// <summary>As <see cref="ContainerEngine.OpenAsync"/>.</summary>
    public static async Task<ContainerEngine> OpenAsync(ContainerEngineOptions options, CancellationToken cancellationToken)
    {
        CheckRoots(options);
        var run = new RunFolder(options.ExecRoot);
        var folder = new ContainerFolder(options.DataRoot);
        run.Make();
        Directory.CreateDirectory(folder.Root, Linux.Permissions.Octal0700);

        HostFeatures features = HostFeatures.Read();
        OciRuntime runtime = RuntimeProbe.Choose(options.Runtime, features.Cgroups);
        string conmon = RuntimeProbe.Find(options.Conmon ?? "conmon")
            ?? throw StrakeException.Unavailable($"conmon is not there ({options.Conmon ?? "looked for where the system keeps programs"}): install it");
        var mounts = new MountThread(options.ExecRoot, options.DataRoot, features.Cgroups, runtime);
        var command = new RuntimeCommand(runtime, run, mounts, options.Time);
        var context = new EngineContext
        {
            Options = options,
            Features = features,
            Runtime = runtime,
            Run = run,
            Folder = folder,
            Conmon = new Conmon(conmon, runtime, run),
            Mounts = mounts,
            Exits = new ExitWatcher(run),
            Logs = new LogWatcher(),
            Command = command,
            Remains = new RuntimeRemains(features.Cgroups, run, command),
            Filters = new SeccompFilters(runtime),
            WarmUp = new CgroupWarmUp(),
            Mountpoints = await MountpointLayer.EnsureAsync(options.Layers, cancellationToken),
            Records = new ContainerRecords(options.State),
            Table = new ContainerTable(),
            Background = new BackgroundWork(options.Logger),
        };
        var exits = new ContainerExits(context);
        var start = new ContainerStart(context, exits);
        var control = new ContainerControl(context, start);
        var removal = new ContainerRemoval(context, control);
        exits.Restart = start.RunAsync;
        exits.Remove = removal.RemoveEndedAsync;
        var content = new ContainerContent(context, control);
        var parts = new EngineParts(
            context,
            new ContainerCreation(context),
            control,
            removal,
            new ContainerPrune(context, removal),
            new ContainerStreams(context),
            new ContainerExecs(context),
            content,
            new ContainerArchives(content),
            new ContainerProcesses(context));
        await new ContainerRecovery(context, exits, start).RunAsync(cancellationToken);
        return new ContainerEngine(parts);
    }

    // conmon takes its log's path apart at colons; a bundle's path goes into the runtime's spec.
    static void CheckRoots(ContainerEngineOptions options)
    {
        foreach (string root in (string[])[options.DataRoot, options.ExecRoot])
        {
            if (!root.StartsWith('/') || root.Contains(':', StringComparison.Ordinal))
                throw StrakeException.Invalid($"the root \"{root}\" has to be an absolute path without a colon");
        }
    }
}
