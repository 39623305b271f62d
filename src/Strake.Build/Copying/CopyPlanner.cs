using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>Decides where copied files go: what is made, what is there already, and what cannot be.</summary>
/// <remarks>
/// The rules are BuildKit's: a directory's content goes into the destination; a file goes into it where it is a directory or was written
/// with a slash, and else is it; links above the destination are followed within the image, and what is missing there is made. The
/// destination stays as it is where it is there; what is in it is replaced by what is copied, of directories owner, mode and time.
/// </remarks>
sealed class CopyPlanner
{
    readonly CopyRequest request;
    readonly ISourceTree image;
    readonly FileOwner? owner;
    readonly TarTime now;
    readonly Dictionary<string, CopyItem> items = new(StringComparer.Ordinal);
    readonly Dictionary<string, Dictionary<string, SourceFile>?> seen = new(StringComparer.Ordinal);
    readonly List<ArchiveItem> archives = [];

    CopyPlanner(CopyRequest request, ISourceTree image, FileOwner? owner, TarTime now)
    {
        (this.request, this.owner, this.now) = (request, owner, now);
        this.image = request.IsLinked ? new EmptyTree() : image;
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="selection">What is copied.</param>
    /// <param name="request">How.</param>
    /// <param name="image">The file system that it is copied into.</param>
    /// <param name="owner">Who gets it; null: whoever has it in the source.</param>
    /// <param name="now">The time of directories that the copy itself makes.</param>
    /// <exception cref="StrakeException">Invalid: a file would replace a directory, or the other way round.</exception>
    public static CopyPlan Plan(CopySelection selection, CopyRequest request, ISourceTree image, FileOwner? owner, TarTime now) =>
        new CopyPlanner(request, image, owner, now).Plan(selection);

    CopyPlan Plan(CopySelection selection)
    {
        var destination = SourceLinks.Resolve(image, request.Destination);
        foreach (var top in selection.Tops) Place(top, destination);
        foreach (var inline in request.Inline) PlaceInline(inline, destination);
        if (request.IntoDirectory && (selection.Tops.Count > 0 || request.Inline.Count > 0)) MakeDirectories(destination + "/");
        return new CopyPlan([.. items.Values.OrderBy(static item => item.Path, StringComparer.Ordinal)], archives);
    }

    // What was copied there before counts as well: of several files to one name the last is there in the end.
    bool IsDirectory(string destination) =>
        request.IntoDirectory || destination.Length == 0
        || (items.TryGetValue(destination, out var made) ? made.Entry.Type == TarEntryType.Directory : Existing(destination) is { IsDirectory: true });

    void Place(SelectedTop top, string destination)
    {
        if (request.KeepsParents)
        {
            PlaceWithParents(top, destination);
        }
        else if (top.File.IsDirectory)
        {
            MakeDirectories(destination + "/");
            foreach (var file in top.Below) Add(BytePath.Join(destination, file.Relative), top.Tree, file.File);
        }
        else if (top.Unpacks && ArchiveFile.IsArchive(top.Tree, top.File))
        {
            MakeDirectories(destination + "/");
            archives.Add(new ArchiveItem(destination, top.Tree, top.File));
        }
        else
        {
            Add(IsDirectory(destination) ? BytePath.Join(destination, BytePath.Name(top.Path)) : destination, top.Tree, top.File);
        }
    }

    void PlaceWithParents(SelectedTop top, string destination)
    {
        var from = top.Pivot.Length == 0 ? 0 : top.Pivot.Length + 1;
        if (from >= top.Path.Length) from = top.Path.Length;
        foreach (var above in BytePath.Above(top.Path).Where(above => above.Length > from))
        {
            if (top.Tree.Find(above) is { IsDirectory: true } directory) Add(BytePath.Join(destination, above[from..]), top.Tree, directory);
        }

        var place = BytePath.Join(destination, top.Path[from..]);
        if (place.Length > 0 && place != destination) Add(place, top.Tree, top.File);
        foreach (var file in top.Below) Add(BytePath.Join(place, file.Relative), top.Tree, file.File);
    }

    void PlaceInline(InlineFile inline, string destination)
    {
        var path = IsDirectory(destination) ? BytePath.Join(destination, inline.Name) : destination;
        var entry = new TarEntry
        {
            Name = BytePath.Bytes(path), Type = TarEntryType.Regular, Mode = Changed(Permissions.Octal0644, isDirectory: false), SizeBytes = inline.Content.Length, ModifiedTime = Clamped(now),
        };
        Put(new CopyItem(path, Owned(entry), Inline: inline.Content));
    }

    void Add(string path, ISourceTree tree, SourceFile file)
    {
        if (path.Length == 0) return;
        var name = file.IsDirectory ? BytePath.Bytes(path + "/") : BytePath.Bytes(path);
        var mode = file.IsLink ? file.Entry.Mode : Changed(file.Entry.Mode, file.IsDirectory);
        Put(new CopyItem(path, Owned(file.Entry with { Name = name, Mode = mode, ModifiedTime = Clamped(file.Entry.ModifiedTime) }), tree, file));
    }

    void Put(CopyItem item)
    {
        var isDirectory = item.Entry.Type == TarEntryType.Directory;
        var there = items.TryGetValue(item.Path, out var before) ? before.Entry.Type : Existing(item.Path)?.Entry.Type;
        if (there is { } kind)
        {
            if (isDirectory && kind != TarEntryType.Directory) throw StrakeException.Invalid($"cannot copy to non-directory: /{BytePath.Show(item.Path)}");
            if (!isDirectory && kind == TarEntryType.Directory) throw StrakeException.Invalid($"cannot replace to directory /{BytePath.Show(item.Path)} with file");
        }

        MakeDirectories(item.Path);
        items[item.Path] = item;
    }

    // All directories above a path, or up to its end where it ends with a slash.
    void MakeDirectories(string path)
    {
        foreach (var above in BytePath.Above(path))
        {
            if (items.TryGetValue(above, out var made) && made.Entry.Type == TarEntryType.Directory) continue;
            if (made is null && Existing(above) is { } there)
            {
                if (!there.IsDirectory) throw StrakeException.Invalid($"cannot copy to non-directory: /{BytePath.Show(above)}");
                continue;
            }

            if (made is not null) throw StrakeException.Invalid($"cannot copy to non-directory: /{BytePath.Show(above)}");
            var entry = new TarEntry { Name = BytePath.Bytes(above + "/"), Type = TarEntryType.Directory, Mode = Changed(Permissions.Octal0755, isDirectory: true), ModifiedTime = Clamped(now) };
            items[above] = new CopyItem(above, Owned(entry));
        }
    }

    // A directory is read once, and nothing is looked for below one that is not there.
    SourceFile? Existing(string path)
    {
        if (path.Length == 0) return image.Find("");
        var parent = BytePath.Parent(path);
        if (!seen.TryGetValue(parent, out var names))
        {
            var isThere = parent.Length == 0 || Existing(parent) is { IsDirectory: true };
            seen[parent] = names = isThere ? image.List(parent).ToDictionary(static file => file.Path, StringComparer.Ordinal) : null;
        }

        return names?.GetValueOrDefault(path);
    }

    UnixFileMode Changed(UnixFileMode mode, bool isDirectory) => request.Mode?.Of(mode, isDirectory) ?? mode;

    TarEntry Owned(TarEntry entry) => owner is null ? entry : entry with { Uid = owner.Uid, Gid = owner.Gid };

    TarTime Clamped(TarTime time) => time.AtMost(request.Latest);
}
