using System.Buffers;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>Writes what a copy makes as a layer's tar.</summary>
static class CopyTar
{
    const int BufferSize = 128 * 1024;

    /// <summary>Writes the tar.</summary>
    /// <param name="plan">What is in it.</param>
    /// <param name="target">Receives it; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public static async Task WriteAsync(CopyPlan plan, Stream target, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (var item in plan.Items)
            {
                await tar.WriteEntryAsync(item.Entry, cancellationToken);
                if (item.Entry.SizeBytes == 0) continue;
                if (item.File is null) await tar.WriteContentAsync(item.Inline, cancellationToken);
                else await CopyAsync(item.Tree!.Open(item.File), item.Entry, tar, buffer, cancellationToken);
            }

            foreach (var archive in plan.Archives) await UnpackAsync(archive, tar, buffer, cancellationToken);
            await tar.CompleteAsync(cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static async ValueTask CopyAsync(Stream content, TarEntry entry, TarWriter tar, byte[] buffer, CancellationToken cancellationToken)
    {
        await using (content)
        {
            for (var left = entry.SizeBytes; left > 0;)
            {
                var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, BufferSize)), cancellationToken);
                if (read == 0) throw StrakeException.Conflict($"{entry.DisplayName} became shorter while it was copied");
                await tar.WriteContentAsync(buffer.AsMemory(0, read), cancellationToken);
                left -= read;
            }
        }
    }

    static async ValueTask UnpackAsync(ArchiveItem archive, TarWriter tar, byte[] buffer, CancellationToken cancellationToken)
    {
        await using var plain = await ArchiveFile.OpenAsync(archive.Tree, archive.File, cancellationToken);
        using var reader = new TarReader(plain);
        while (await reader.ReadEntryAsync(cancellationToken) is { } entry)
        {
            var path = PathIn(archive, entry.Name.Span, entry);
            if (path == archive.Directory || entry.Type == TarEntryType.Other) continue;
            var isDirectory = entry.Type == TarEntryType.Directory;
            await tar.WriteEntryAsync(
                entry with
                {
                    Name = BytePath.Bytes(isDirectory ? path + "/" : path),
                    LinkName = entry.Type == TarEntryType.HardLink ? BytePath.Bytes(PathIn(archive, entry.LinkName.Span, entry)) : entry.LinkName,
                    Extents = null,
                },
                cancellationToken);
            for (int read; (read = await reader.ReadContentAsync(buffer, cancellationToken)) > 0;) await tar.WriteContentAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    static string PathIn(ArchiveItem archive, ReadOnlySpan<byte> name, TarEntry entry)
    {
        var path = BytePath.Of(name);
        if (path.Split('/').Contains("..")) throw StrakeException.Invalid($"ADD {BytePath.Show(archive.File.Path)}: the name {entry.DisplayName} leads out of it");
        return BytePath.Join(archive.Directory, BytePath.Clean(path));
    }
}
