namespace Strake.Build;

/// <summary>Reads COPY and ADD.</summary>
static class FileInstructionParser
{
    /// <summary>Reads COPY.</summary>
    /// <exception cref="StrakeException">Invalid: says what.</exception>
    public static CopyInstruction Copy(RawInstruction raw)
    {
        var words = Words(raw);
        var flags = new InstructionFlags(
            raw.Flags, ("chown", FlagKind.Text), ("from", FlagKind.Text), ("chmod", FlagKind.Text), ("link", FlagKind.Switch),
            ("exclude", FlagKind.Texts), ("parents", FlagKind.Switch));
        return new CopyInstruction
        {
            Sources = Sources(raw, words),
            Destination = words[^1],
            Owner = flags.Word("chown"),
            Mode = flags.Word("chmod"),
            IsLinked = flags.Switch("link") ?? false,
            Excludes = flags.Texts("exclude"),
            From = flags.Word("from"),
            KeepsParents = flags.Switch("parents") ?? false,
        };
    }

    /// <summary>Reads ADD.</summary>
    /// <exception cref="StrakeException">Invalid: says what.</exception>
    public static AddInstruction Add(RawInstruction raw)
    {
        var words = Words(raw);
        var flags = new InstructionFlags(
            raw.Flags, ("chown", FlagKind.Text), ("chmod", FlagKind.Text), ("link", FlagKind.Switch), ("keep-git-dir", FlagKind.Switch),
            ("checksum", FlagKind.Text), ("unpack", FlagKind.Switch), ("exclude", FlagKind.Texts));
        return new AddInstruction
        {
            Sources = Sources(raw, words),
            Destination = words[^1],
            Owner = flags.Word("chown"),
            Mode = flags.Word("chmod"),
            IsLinked = flags.Switch("link") ?? false,
            Excludes = flags.Texts("exclude"),
            Checksum = flags.Word("checksum"),
            KeepsGitDirectory = flags.Switch("keep-git-dir"),
            Unpacks = flags.Switch("unpack"),
        };
    }

    static ValueList<string> Words(RawInstruction raw)
    {
        var words = raw.Json ?? ArgumentWords.Plain(raw.Arguments);
        return words.Count >= 2
            ? words
            : throw DockerfileFault.Invalid($"{raw.Keyword} requires at least two arguments, but only one was provided. Destination could not be determined");
    }

    // In JSON form, "<<EOF" is a file's name.
    static ValueList<CopySource> Sources(RawInstruction raw, ValueList<string> words)
    {
        var isJson = raw.Json is not null;
        if (!isJson && HereDocumentMark.TryParse(words[^1]) is not null) throw DockerfileFault.Invalid($"{raw.Keyword} cannot accept a heredoc as a destination");
        List<CopySource> sources = [];
        var taken = 0;
        foreach (var word in words.AsSpan()[..^1])
        {
            if (isJson || HereDocumentMark.TryParse(word) is not { } mark) sources.Add(new PathSource(word));
            else if (taken < raw.Documents.Count && raw.Documents[taken].Name == mark.Name) sources.Add(new InlineSource(raw.Documents[taken++]));
            else throw Unclear(raw);
        }

        return taken == raw.Documents.Count ? [.. sources] : throw Unclear(raw);
    }

    // The line is split as by a shell to find where here-documents begin, and at blanks to find sources. Where the two do not agree
    // (COPY <<"A B" /x, an open quote), Docker takes lines away and then fails on what is left.
    static StrakeException Unclear(RawInstruction raw) =>
        DockerfileFault.Invalid($"{raw.Keyword}: quotes or blanks make it unclear where here-documents are: write each as <<NAME, between blanks");
}
