namespace Strake.Build;

/// <summary>Reads the options of one <c>--mount</c>. Their order matters to Docker: <c>size</c> and <c>required</c> need the type before them.</summary>
sealed class RunMountParser
{
    static readonly string[] s_keys =
    [
        "type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode", "uid", "gid", "src", "dst", "destination", "ro",
        "rw", "readwrite", "env",
    ];

    static readonly string[] s_kinds = ["bind", "cache", "tmpfs", "secret", "ssh"];
    static readonly string[] s_sharings = ["shared", "private", "locked"];

    string kind = "bind";
    string from = "";
    string source = "";
    string target = "";
    string id = "";
    string? variable;
    CacheSharing? sharing;
    bool? isReadOnly;
    bool isRequired;
    long sizeBytes;
    uint? mode;
    uint? uid;
    uint? gid;

    bool HasFile => kind is "secret" or "ssh";

    /// <summary>What can be told before variables are known.</summary>
    /// <exception cref="StrakeException">Invalid: no comma-separated fields, or a stage named by a variable.</exception>
    public static void Check(string word)
    {
        foreach (var field in CsvFields.Parse(word))
        {
            var (key, value) = Cut(field);
            if (key == "from" && value?.IndexOf('$', StringComparison.Ordinal) is >= 0 and var dollar && dollar != value.Length - 1)
                throw DockerfileFault.Invalid("'from' doesn't support variable expansion, define alias stage instead");
        }
    }

    /// <summary>Reads all options.</summary>
    /// <exception cref="StrakeException">Invalid: says what.</exception>
    public static RunMount Parse(string word, Func<string, string> expand)
    {
        var parser = new RunMountParser();
        foreach (var field in CsvFields.Parse(word))
        {
            var (key, value) = Cut(field);
            if (value is null) parser.TakeSwitch(key, field);
            else parser.Take(key, expand(value), field);
        }

        parser.CheckTogether();
        return parser.Mount();
    }

    static (string Key, string? Value) Cut(string field)
    {
        var equals = field.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (field.ToLowerInvariant(), null) : (field[..equals].ToLowerInvariant(), field[(equals + 1)..]);
    }

    void TakeSwitch(string key, string field)
    {
        switch (key)
        {
            case "readonly" or "ro":
                isReadOnly = true;
                break;
            case "readwrite" or "rw":
                isReadOnly = false;
                break;
            case "required":
                isRequired = HasFile ? true : throw Unexpected(key);
                break;
            default:
                throw DockerfileFault.Invalid($"invalid field '{field}' must be a key=value pair");
        }
    }

    void Take(string key, string value, string field)
    {
        switch (key)
        {
            case "type":
                kind = OneOf(s_kinds, value, "mount type");
                break;
            case "from":
                from = value;
                break;
            case "source" or "src":
                source = value;
                break;
            case "target" or "dst" or "destination":
                target = value;
                break;
            case "readonly" or "ro":
                isReadOnly = Boolean(key, value);
                break;
            case "readwrite" or "rw":
                isReadOnly = !Boolean(key, value);
                break;
            case "required":
                isRequired = HasFile ? Boolean(key, value) : throw Unexpected(key);
                break;
            case "size":
                sizeBytes = kind == "tmpfs" ? MountSize.TryParse(value) ?? throw Wrong(key, value) : throw Unexpected(key);
                break;
            case "id":
                id = value;
                break;
            case "sharing":
                sharing = (CacheSharing)Array.IndexOf(s_sharings, OneOf(s_sharings, value, "sharing value"));
                break;
            case "mode":
                mode = Number(key, value, 8);
                break;
            case "uid":
                uid = Number(key, value, 10);
                break;
            case "gid":
                gid = Number(key, value, 10);
                break;
            case "env":
                variable = value;
                break;
            default:
                throw DockerfileFault.Invalid($"unexpected key '{key}' in '{field}'{Suggestion.For(key, s_keys)}");
        }
    }

    void CheckTogether()
    {
        if (kind is "bind" or "tmpfs")
        {
            var refused = mode is not null ? "mode" : uid is not null ? "uid" : gid is not null ? "gid" : null;
            if (refused is not null) throw DockerfileFault.Invalid($"{refused} not allowed for \"{kind}\" type mounts");
        }

        if (kind == "secret")
        {
            if (from.Length > 0) throw DockerfileFault.Invalid("secret mount should not have a from");
            if (sharing is not null) throw DockerfileFault.Invalid("secret mount should not define sharing");
            if (source.Length + target.Length + id.Length == 0) throw DockerfileFault.Invalid("invalid secret mount. one of source, target required");
            if (source.Length > 0 && id.Length > 0) throw DockerfileFault.Invalid("both source and id can't be set");
        }

        if (sharing is not null && kind != "cache") throw DockerfileFault.Invalid($"invalid cache sharing set for {kind} mount");
        if (kind == "ssh" && source.Length > 0) throw DockerfileFault.Invalid("ssh does not support source");
    }

    RunMount Mount() => kind switch
    {
        "bind" => new BindMount { Target = target, From = from, Source = source, IsReadOnly = isReadOnly ?? true },
        "cache" => new CacheMount
        {
            Target = target,
            From = from,
            Source = source,
            Id = id,
            Sharing = sharing ?? CacheSharing.Shared,
            IsReadOnly = isReadOnly ?? false,
            Ownership = (mode ?? uid ?? gid) is null ? null : Ownership(CacheMount.DefaultMode),
        },
        "tmpfs" => new TmpfsMount { Target = target, SizeBytes = sizeBytes, IsReadOnly = isReadOnly ?? false },
        "secret" => Secret(),
        "ssh" => new SshMount
        {
            Target = target,
            Id = id.Length > 0 ? id : SshMount.DefaultId,
            IsRequired = isRequired,
            Ownership = Ownership(SshMount.DefaultMode),
        },
        _ => throw StrakeException.Internal($"no such mount type: {kind}"),
    };

    SecretMount Secret()
    {
        var secret = source.Length > 0 ? source : id.Length > 0 ? id : LastPart(target);
        return new SecretMount
        {
            Target = target.Length > 0 || variable is not null ? target : "/run/secrets/" + LastPart(secret),
            Id = secret,
            Variable = variable,
            IsRequired = isRequired,
            Ownership = Ownership(SecretMount.DefaultMode),
        };
    }

    MountOwnership Ownership(uint defaultMode) => new(uid ?? 0, gid ?? 0, mode ?? defaultMode);

    // As Go's path.Base.
    static string LastPart(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed.Length > 0 ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : path.Length > 0 ? "/" : ".";
    }

    static string OneOf(string[] known, string value, string what)
    {
        var lower = value.ToLowerInvariant();
        return Array.IndexOf(known, lower) >= 0 ? lower : throw DockerfileFault.Invalid($"unsupported {what} {GoText.Quote(value)}{Suggestion.For(value, known)}");
    }

    // As Go's strconv.ParseBool.
    static bool Boolean(string key, string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw Wrong(key, value),
    };

    static uint Number(string key, string value, uint radix)
    {
        ulong number = 0;
        foreach (var c in value)
        {
            if (c < '0' || c >= '0' + radix || (number = (number * radix) + (uint)(c - '0')) > uint.MaxValue) throw Bad();
        }

        return value.Length > 0 ? (uint)number : throw Bad();
        StrakeException Bad() => DockerfileFault.Invalid($"invalid value {value} for {key}");
    }

    StrakeException Unexpected(string key) => DockerfileFault.Invalid($"unexpected key '{key}' for mount type '{kind}'");

    static StrakeException Wrong(string key, string value) => DockerfileFault.Invalid($"invalid value for {key}: {value}");
}
