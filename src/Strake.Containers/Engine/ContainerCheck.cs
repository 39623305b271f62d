using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Compares records with folders, layers, mounts, cgroups and the runtime's state. Changes nothing.</summary>
sealed class ContainerCheck(EngineContext context)
{
    /// <summary>Everything that does not fit; empty when all is well. Sound only while nothing is being made or removed.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        IReadOnlyList<WritableLayer> layers = await context.Layers.ListWritableAsync(cancellationToken);
        foreach (ContainerUnit unit in context.Table.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Check(unit, layers, findings);
        }

        HashSet<string> known = [.. context.Table.All.Select(static unit => unit.Id)];
        HashSet<string> running = [.. context.Table.All.Where(static unit => unit.Run is not null).Select(static unit => unit.Id)];
        CheckFolders(context.Folder.Root, known, "its folder {0} has no record", findings);
        CheckFolders(context.Run.Containers, running, "its bundle {0} is left though it does not run", findings);
        CheckFolders(context.Run.RuntimeRoot, running, "the runtime's state {0} is left though it does not run", findings);
        CheckLayers(layers, known, findings);
        CheckMounts(findings);
        CheckCgroups(running, findings);
        return findings;
    }

    void Check(ContainerUnit unit, IReadOnlyList<WritableLayer> layers, List<Finding> findings)
    {
        if (unit.Record.Phase != ContainerPhase.Ready)
            findings.Add(new Finding(unit.Id, $"its record says {unit.Record.Phase}: an operation was not finished"));
        if (!Directory.Exists(context.Folder.Of(unit.Id)))
            findings.Add(new Finding(unit.Id, $"its folder {context.Folder.Of(unit.Id)} is gone"));
        if (!layers.Any(layer => layer.Owner == unit.Holder))
            findings.Add(new Finding(unit.Id, $"its writable layer {unit.Container.LayerId} is gone"));
        if (unit.Container.State.IsRunning && unit.Run is null && unit.LastRun.IsCompleted)
            findings.Add(new Finding(unit.Id, "its record says that it runs, and it does not"));
    }

    static void CheckFolders(string root, HashSet<string> known, string message, List<Finding> findings)
    {
        foreach (string path in Directory.EnumerateDirectories(root))
        {
            string id = Path.GetFileName(path);
            if (!known.Contains(id) && !id.StartsWith('.'))
                findings.Add(new Finding(id, string.Format(System.Globalization.CultureInfo.InvariantCulture, message, path)));
        }
    }

    void CheckLayers(IReadOnlyList<WritableLayer> layers, HashSet<string> known, List<Finding> findings)
    {
        HashSet<string> holders = [.. known.Select(ContainerUnit.HolderOf)];
        foreach (WritableLayer layer in layers.Where(layer => !context.Mountpoints.Is(layer) && !holders.Contains(ContainerUnit.HolderOfOwner(layer.Owner))))
        {
            if (layer.Owner.StartsWith(ContainerUnit.HolderOf(""), StringComparison.Ordinal))
                findings.Add(new Finding(layer.Owner, $"the writable layer {layer.Id} belongs to no container"));
        }
    }

    // Containers' mounts are in namespaces of their own: any that is seen here was left over by something else.
    void CheckMounts(List<Finding> findings)
    {
        foreach (MountEntry mount in MountTable.Below(context.Run.Containers))
            findings.Add(new Finding(mount.MountPoint, $"{mount.Type} is mounted where no container has a mount"));
    }

    void CheckCgroups(HashSet<string> running, List<Finding> findings)
    {
        foreach (string hierarchy in context.Features.Cgroups.MountPoints)
        {
            string parent = hierarchy + Mounts.ContainerPath.Clean(context.Options.CgroupParent);
            if (!Directory.Exists(parent))
                continue;
            foreach (string path in Directory.EnumerateDirectories(parent).Where(path => !running.Contains(Path.GetFileName(path))))
                findings.Add(new Finding(Path.GetFileName(path), $"the cgroup {path} is left though it does not run"));
        }
    }
}
