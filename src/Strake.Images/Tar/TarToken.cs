namespace Strake.Images.Tar;

/// <summary>What <see cref="TarDecoder.Read"/> found.</summary>
public enum TarToken
{
    /// <summary>All input is used up and more is needed; what was consumed is structure.</summary>
    NeedInput,

    /// <summary>The headers of an entry are complete: <see cref="TarDecoder.Entry"/>. What was consumed is structure.</summary>
    Entry,

    /// <summary>What was consumed is content of the entry, for the file's offset <see cref="TarDecoder.ContentOffset"/>.</summary>
    Content,

    /// <summary>The entry's content is complete; nothing was consumed. Comes once for every entry, with or without content.</summary>
    EntryEnd,

    /// <summary>The end marker was passed: whatever follows is structure that means nothing. What was consumed is structure.</summary>
    Trailer,
}
