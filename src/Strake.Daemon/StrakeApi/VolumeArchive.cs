using Microsoft.Win32.SafeHandles;
using Strake.Layers;
using Strake.Layers.Archive;
using Strake.Linux;
using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>Volumes and their changes as tars, and tars as volumes.</summary>
/// <param name="volumes">The volumes.</param>
sealed class VolumeArchive(VolumeStore volumes)
{
    static readonly LayerApplyOptions s_change = new() { Whiteouts = WhiteoutForm.Absent };
    static readonly TreeExtractOptions s_whole = new() { SetsRoot = true };

    /// <summary>Makes a copy to be read: of one moment, and not of what is written while it is read.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="snapshot">Which of its snapshots; null: as it is.</param>
    /// <param name="held">As in <see cref="VolumeCopies.SnapshotAsync"/>.</param>
    /// <param name="cancellationToken">Honoured until the copy is whole.</param>
    public async Task<VolumeCopyForExport> CopyAsync(string name, string? snapshot, IReadOnlySet<string> held, CancellationToken cancellationToken)
    {
        string holder = NewHolder("export");
        var request = new VolumeCloneRequest(name, snapshot, Target: null) { Attachment = new Attachment(holder, "/", ReadOnly: true) };
        return new VolumeCopyForExport(volumes, await volumes.Copies.CloneAsync(request, held, cancellationToken), holder);
    }

    /// <summary>Writes a volume as a tar: its root, as <c>./</c>, and all that is in it.</summary>
    /// <param name="copy">The volume as it is to be read.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public async Task WriteAsync(VolumeCopyForExport copy, Stream target, CancellationToken cancellationToken)
    {
        string path = await volumes.Uses.MountAsync(copy.Name, copy.Holder, cancellationToken);
        using SafeFileHandle content = Syscall.Open(path, OpenFlags.Directory | OpenFlags.NoFollow);
        await TreeTar.WriteTreeAsync(content, includesRoot: true, target, cancellationToken);
    }

    /// <summary>Writes what changed in a volume, as a layer's tar: what is gone is told by names that begin with <c>.wh.</c>.</summary>
    /// <param name="copy">The volume as it is to be read.</param>
    /// <param name="before">The volume as it was.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">NotSupported: a changed file has such a name itself.</exception>
    public async Task WriteChangesAsync(VolumeCopyForExport copy, VolumeCopyForExport before, Stream target, CancellationToken cancellationToken)
    {
        LayerContent now = await ContentAsync(copy, cancellationToken);
        LayerContent then = await ContentAsync(before, cancellationToken);
        await LayerDiff.WriteTarAsync(now, [then], target, splitRecord: null, cancellationToken);
    }

    /// <summary>Makes a volume of tars, plain or compressed: there whole under its name, or not at all.</summary>
    /// <param name="import">What they become.</param>
    /// <param name="source">The tars; not closed.</param>
    /// <param name="cancellationToken">Stops it; nothing is left then.</param>
    /// <exception cref="StrakeException">
    /// Conflict: there is a volume of that name. Invalid: no tar, or options for a volume that begins as another. DataLoss: a part is not what it was
    /// said to be. InUse: somebody writes to the volume that it begins as. Exhausted: no space left, or the volume's size is too small.
    /// </exception>
    public async Task ImportAsync(VolumeImport import, Stream source, CancellationToken cancellationToken)
    {
        VolumeName.Parse(import.Name, "import");
        if (import.Onto is not null && import.Options.Count > 0)
            throw StrakeException.Invalid($"import {import.Name}: it begins as {import.Onto.Source}, and has its options");
        if (await volumes.FindAsync(import.Name, cancellationToken) is not null)
            throw StrakeException.Conflict($"import {import.Name}: there is a volume of that name already");
        string holder = NewHolder("import");
        string made = await BeginAsync(import, new Attachment(holder, "/", ReadOnly: false), cancellationToken);
        try
        {
            await FillAsync(import, await volumes.Uses.MountAsync(made, holder, cancellationToken), source, cancellationToken);
            await volumes.Uses.UnmountAsync(made, holder, cancellationToken);
            await volumes.Uses.DetachAsync(made, holder, cancellationToken);
            await volumes.RenameAsync(made, import.Name, cancellationToken);
        }
        catch
        {
            await volumes.Uses.UnmountAsync(made, holder, CancellationToken.None);
            await volumes.Uses.DetachAsync(made, holder, CancellationToken.None);
            await volumes.RemoveAsync(made, force: true, CancellationToken.None);
            throw;
        }
    }

    async Task<string> BeginAsync(VolumeImport import, Attachment attachment, CancellationToken cancellationToken)
    {
        if (import.Onto is { } original)
            return await volumes.Copies.CloneAsync(original with { Attachment = attachment }, held: new HashSet<string>(), cancellationToken);
        var request = new VolumeRequest(Name: null) { Driver = "local", DriverOptions = import.Options, Attachment = attachment };
        return (await volumes.CreateAsync(request, cancellationToken)).Name;
    }

    static async Task FillAsync(VolumeImport import, string path, Stream source, CancellationToken cancellationToken)
    {
        using SafeFileHandle content = Syscall.Open(path, OpenFlags.Directory | OpenFlags.NoFollow);
        bool isChange = import.Onto is not null;
        if (import.Parts.Count == 0)
            await ExtractAsync(content, source, isChange, cancellationToken);
        foreach (ImportPart part in import.Parts)
        {
            await using var tar = new ImportPartStream(source, part);
            await ExtractAsync(content, tar, isChange, cancellationToken);
            await tar.VerifyAsync(cancellationToken);
            isChange = true;
        }

        Syscall.SyncFs(content);
    }

    // In a whole tar a name that begins with .wh. is a file's; in one of changes it is a removal.
    static async Task ExtractAsync(SafeFileHandle content, Stream tar, bool isChange, CancellationToken cancellationToken)
    {
        if (isChange)
            await LayerApply.ApplyAsync(tar, content, s_change, splitRecord: null, progress: null, cancellationToken);
        else
            await TreeExtract.ExtractAsync(tar, content, s_whole, cancellationToken);
    }

    async Task<LayerContent> ContentAsync(VolumeCopyForExport copy, CancellationToken cancellationToken) =>
        new(await volumes.Uses.MountAsync(copy.Name, copy.Holder, cancellationToken), WhiteoutForm.Absent);

    static string NewHolder(string kind) => $"{kind}/{Guid.NewGuid():N}";
}
