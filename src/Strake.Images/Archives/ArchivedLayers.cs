using System.Text;
using Strake.Images.Tar;

namespace Strake.Images;

/// <summary>Finds an image's layers in what an archive held, and holds them against its config. Pure.</summary>
static class ArchivedLayers
{
    /// <summary>The layers, lowest first.</summary>
    /// <param name="contents">What the archive held.</param>
    /// <param name="config">The image's config.</param>
    /// <param name="names">Names of the layers' files, lowest first.</param>
    /// <exception cref="StrakeException">Invalid: one is missing or no layer. DataLoss: one is not what the config says.</exception>
    public static IReadOnlyList<ArchivedLayer> Find(ArchiveContents contents, ImageConfig config, IReadOnlyList<string> names)
    {
        // Docker's words, and its order of the two numbers.
        if (names.Count != config.DiffIds.Count)
            throw StrakeException.Invalid($"invalid manifest, layers length mismatch: expected {names.Count}, got {config.DiffIds.Count}");
        return [.. names.Select((name, index) => Find(contents, config.DiffIds[index], name, index))];
    }

    static ArchivedLayer Find(ArchiveContents contents, DiffId expected, string? name, int index)
    {
        var shown = TarName.Display(Encoding.UTF8.GetBytes(name ?? "null"));
        var layer = name is null ? null : contents.Layer(name);
        var actual = layer switch
        {
            ArchivedLayer.Received received => received.Receipt.DiffId,
            ArchivedLayer.Held held => held.DiffId,
            ArchivedLayer.Unreadable { Cause: var cause } => throw StrakeException.Invalid($"layer {shown}: {cause.Message}", cause),
            null => throw StrakeException.Invalid($"invalid manifest: the archive does not hold layer {shown}"),
            _ => throw new InvalidOperationException($"unknown layer {layer}"),
        };
        return actual == expected
            ? layer
            : throw StrakeException.DataLoss($"invalid diffID for layer {index}: expected \"{expected}\", got \"{actual}\"");
    }
}
