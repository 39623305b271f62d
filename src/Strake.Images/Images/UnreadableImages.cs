namespace Strake.Images;

/// <summary>The records of images and names that cannot be read. What belongs to such an image is left as it is: only the record is lost.</summary>
sealed class UnreadableImages
{
    readonly List<string> _findings = [];
    readonly HashSet<ImageId> _images = [];

    /// <summary>What is amiss, a sentence each with the way out.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>The images whose records are concerned.</summary>
    public IReadOnlySet<ImageId> Images => _images;

    /// <summary>Notes an image's record.</summary>
    /// <param name="hex">What follows the prefix in its key.</param>
    /// <param name="why">What is wrong with it.</param>
    public void AddImage(string hex, StrakeException why)
    {
        if (Digest.TryParse(Digest.Prefix + hex, out var digest)) _images.Add(new ImageId(digest));
        _findings.Add($"{why.Message}; load or pull the image again");
    }

    /// <summary>Notes a name's record.</summary>
    public void AddName(StrakeException why) => _findings.Add($"{why.Message}; give the name again (docker tag)");
}
