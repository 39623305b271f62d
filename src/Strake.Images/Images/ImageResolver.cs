namespace Strake.Images;

/// <summary>From what users write to an image's ID: a reference, a full ID, or the beginning of one; a reference wins.</summary>
sealed class ImageResolver(ImageRecords records)
{
    /// <summary>The ID of an image.</summary>
    /// <exception cref="StrakeException">NotFound, Invalid: see <see cref="ImageStore.GetAsync"/>.</exception>
    public async ValueTask<ImageId> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw NoSuchImage(name);

    /// <summary>The ID of an image; null when there is none.</summary>
    /// <exception cref="StrakeException">Invalid: neither a reference nor an ID, or the beginning of several IDs.</exception>
    public async ValueTask<ImageId?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (TryFullId(name, out var id))
            return await records.FindAsync(id, cancellationToken) is null ? null : id;
        var reference = ImageReference.Parse(name);
        return await records.FindAsync(Key(reference), cancellationToken) ?? await FindByPrefixAsync(name, cancellationToken);
    }

    /// <summary>The error that says that there is no such image, in Docker's words.</summary>
    public static StrakeException NoSuchImage(string name) => StrakeException.NotFound(
        $"No such image: {(TryFullId(name, out var id) ? id.ToString() : ImageReference.Parse(name).OrLatest().Familiar)}");

    /// <summary>The name under which a reference is recorded: where it has a digest, the tag beside it says nothing.</summary>
    public static ImageReference Key(ImageReference reference) =>
        reference is { Digest: not null, Tag: not null } ? reference.WithoutTag() : reference.OrLatest();

    /// <summary>Whether what a user wrote is the beginning of an image's ID, with or without the algorithm.</summary>
    public static bool IsPrefix(ImageId id, string name) =>
        id.ToString().StartsWith(name, StringComparison.Ordinal) || id.Digest.Hex.StartsWith(name, StringComparison.Ordinal);

    async ValueTask<ImageId?> FindByPrefixAsync(string name, CancellationToken cancellationToken)
    {
        var digits = name.StartsWith(Digest.Prefix, StringComparison.Ordinal) ? name[Digest.Prefix.Length..] : name;
        if (digits.Length is 0 or > Digest.HexLength || digits.AsSpan().ContainsAnyExcept("0123456789abcdef")) return null;
        return await records.StartingWithAsync(digits, cancellationToken) switch
        {
            [] => null,
            [var only] => only,
            _ => throw StrakeException.Invalid($"multiple IDs found with provided prefix: {name}"),
        };
    }

    static bool TryFullId(string name, out ImageId id)
    {
        var isId = Digest.TryParse(Digest.IsHex(name) ? Digest.Prefix + name : name, out var digest);
        id = isId ? new ImageId(digest) : default;
        return isId;
    }
}
