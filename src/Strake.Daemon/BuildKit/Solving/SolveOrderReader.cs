using System.Globalization;
using System.Net;
using System.Text.Json;
using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>
/// Reads what a client asks for: the options of the Dockerfile's frontend, outputs, caches. All faults are told together; what is asked for
/// and cannot be had is a fault where the result would be another, and a warning where it would not.
/// </summary>
/// <remarks>
/// Options: buildkit <c>frontend/dockerui/config.go</c>, <c>context.go</c>, <c>namedcontext.go</c>, <c>attr.go</c>. Outputs: buildkit
/// <c>exporter/containerimage/exptypes/keys.go</c>.
/// </remarks>
sealed class SolveOrderReader
{
    const string Dockerfile = "dockerfile.v0";
    const string Gateway = "gateway.v0";
    const string ArgumentPrefix = "build-arg:";

    /// <summary>Where clients say that they have an upload.</summary>
    const string UploadHost = "buildkit-session";

    // Frontends that are images, and mean the language that is built here.
    static readonly string[] s_dockerfileImages = ["docker/dockerfile", "docker/dockerfile-upstream"];

    // What clients say beside: nothing depends on it.
    static readonly string[] s_silent =
    [
        "source", "cmdline", "frontend.caps", "contextkey", "dockerfilekey", "filename", "contextsubdir", "context", "target", "no-cache",
        "image-resolve-mode", "platform", "multi-platform", "force-network-mode", "add-hosts", "shm-size", "ulimit", "cgroup-parent", "hostname",
        "cache-imports", "cache-from", "requestid",
    ];

    static readonly string[] s_silentPrefixes = [ArgumentPrefix, "label:", "context:", "local-sessionid:", "vcs:", "attest:", "input-metadata:", "input:"];

    readonly IReadOnlyDictionary<string, string> options;
    readonly List<string> faults = [];
    readonly List<string> warnings = [];

    SolveOrderReader(IReadOnlyDictionary<string, string> options) => this.options = options;

    /// <summary>Reads an order.</summary>
    /// <param name="request">The solve, with outputs and caches.</param>
    /// <param name="frontend">The frontend: the solve's, or that which its client asks for.</param>
    /// <param name="frontendOptions">Its options.</param>
    /// <exception cref="StrakeException">Invalid: tells all faults.</exception>
    public static SolveOrder Read(SolveRequest request, string frontend, IReadOnlyDictionary<string, string> frontendOptions) =>
        new SolveOrderReader(frontendOptions).Read(request, frontend);

    /// <summary>Reads the outputs alone, to refuse what cannot be done before anything is.</summary>
    /// <exception cref="StrakeException">Invalid: tells all faults.</exception>
    public static void CheckOutputs(SolveRequest request)
    {
        var reader = new SolveOrderReader(new Dictionary<string, string>(StringComparer.Ordinal));
        reader.ReadOutputs(request);
        reader.ThrowFaults();
    }

    SolveOrder Read(SolveRequest request, string frontend)
    {
        CheckFrontend(frontend);
        if (request.FrontendInputs.Count > 0) faults.Add("inputs that the client has made itself (\"target:\" contexts, remote definitions) are not supported");
        if (request.SourcePolicy is { Rules.Count: > 0 }) faults.Add("source policies are not supported");
        foreach (string option in options.Keys.Order(StringComparer.Ordinal)) CheckOption(option);
        var order = new SolveOrder
        {
            Ref = request.Ref,
            DockerfilePath = Text("filename", "Dockerfile"),
            DockerfileDirectory = Text("dockerfilekey", "dockerfile"),
            IsDockerfileLocal = options.ContainsKey("dockerfilekey"),
            ContextDirectory = "context",
            ContextUpload = ReadContextUpload(),
            ContextRemote = ReadContextRemote(),
            ContextSubdirectory = Text("contextsubdir", ""),
            NamedContexts = ReadNamedContexts(),
            DirectorySessions = Prefixed("local-sessionid:"),
            Target = Text("target", ""),
            Arguments = Prefixed(ArgumentPrefix),
            Labels = Prefixed("label:"),
            NoCache = options.TryGetValue("no-cache", out string? stages) && stages.Length == 0,
            NoCacheStages = stages is { Length: > 0 } ? stages.Split(',') : [],
            Pull = ReadPull(),
            Platform = ReadPlatform(),
            Network = ReadNetwork(),
            ExtraHosts = ReadHosts(),
            HostName = Text(ArgumentPrefix + "BUILDKIT_SANDBOX_HOSTNAME", Text("hostname", "")),
            ShmSizeBytes = ReadShmSize(),
            Ulimits = ReadUlimits(),
            CgroupParent = Text("cgroup-parent", ""),
            CacheMountNamespace = Text(ArgumentPrefix + "BUILDKIT_CACHE_MOUNT_NS", ""),
            Entitlements = request.Entitlements.ToHashSet(StringComparer.Ordinal),
            CacheImports = ReadCacheImports(request),
            Outputs = ReadOutputs(request),
            Question = options.GetValueOrDefault("requestid"),
        };
        CheckCacheExports(request);
        ThrowFaults();
        return order with { Warnings = warnings };
    }

    void CheckFrontend(string frontend)
    {
        switch (frontend)
        {
            case Dockerfile:
                return;
            case Gateway when options.TryGetValue("source", out string? source):
                if (!IsDockerfile(source)) faults.Add($"frontend {source} is not supported: Dockerfiles are built by the engine itself; leave the option out");
                return;
            case Gateway:
                faults.Add($"frontend {Gateway} needs the option source");
                return;
            default:
                faults.Add($"frontend {frontend} is not supported; there is {Dockerfile}");
                return;
        }
    }

    // docker/dockerfile:1, docker.io/docker/dockerfile-upstream:master@sha256:…
    static bool IsDockerfile(string image)
    {
        string name = image.Split('@')[0];
        if (name.StartsWith("docker.io/", StringComparison.Ordinal)) name = name["docker.io/".Length..];
        return s_dockerfileImages.Contains(name.Split(':')[0], StringComparer.Ordinal);
    }

    void CheckOption(string option)
    {
        if (option.StartsWith("attest:", StringComparison.Ordinal)) faults.Add($"attestations ({option["attest:".Length..]}) are not supported");
        else if (option.StartsWith("input:", StringComparison.Ordinal)) faults.Add($"{option}: inputs that the client has made itself are not supported");
        else if (!s_silent.Contains(option, StringComparer.Ordinal) && !s_silentPrefixes.Any(prefix => option.StartsWith(prefix, StringComparison.Ordinal)))
            warnings.Add($"option {option} is not known, and left out");
    }

    Uri? ReadContextUpload() => ContextAddress is { } text && Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { Scheme: "http", Host: UploadHost } ? url : null;

    string? ReadContextRemote() => ReadContextUpload() is null ? ContextAddress : null;

    string? ContextAddress => Text(Text("contextkey", "context"), "") is { Length: > 0 } text ? text : null;

    Dictionary<string, NamedContext> ReadNamedContexts()
    {
        var contexts = new Dictionary<string, NamedContext>(StringComparer.Ordinal);
        foreach ((string name, string value) in Prefixed("context:"))
        {
            if (ReadNamedContext(value) is { } context) contexts.Add(name, context);
            else faults.Add($"build context {name}: \"{value}\" is not supported; there are local directories, docker-image://, https:// and git");
        }

        return contexts;
    }

    static NamedContext? ReadNamedContext(string value) => value.Split(':', 2) switch
    {
        ["local", { Length: > 0 } directory] => new(NamedContextKind.Local, directory),
        ["docker-image", { Length: > 2 } image] => new(NamedContextKind.Image, image.StartsWith("//", StringComparison.Ordinal) ? image[2..] : image),
        ["git" or "ssh" or "http" or "https", _] => new(NamedContextKind.Remote, value),
        [{ } scheme, _] when scheme.StartsWith("git@", StringComparison.Ordinal) => new(NamedContextKind.Remote, value),
        _ => null,
    };

    bool ReadPull()
    {
        switch (Text("image-resolve-mode", "default"))
        {
            case "pull":
                return true;
            case "default" or "local":
                return false;
            default:
                faults.Add($"invalid image-resolve-mode: {options["image-resolve-mode"]}");
                return false;
        }
    }

    string? ReadPlatform()
    {
        string text = Text("platform", "");
        if (text.Contains(',', StringComparison.Ordinal) || Flag("multi-platform") || Flag(ArgumentPrefix + "BUILDKIT_MULTI_PLATFORM"))
            faults.Add($"builds for several platforms at once ({text}) are not supported: build for one at a time");
        return text.Length > 0 ? text : null;
    }

    string ReadNetwork()
    {
        string mode = Text("force-network-mode", "");
        if (mode is "" or "none" or "host") return mode;
        if (mode is not "sandbox") faults.Add($"invalid network mode {mode}");
        return "";
    }

    // "a=10.0.0.1,b=::1"
    List<KeyValuePair<string, string>> ReadHosts()
    {
        var hosts = new List<KeyValuePair<string, string>>();
        foreach (string field in Fields("add-hosts"))
        {
            string[] pair = field.Split('=', 2);
            if (pair.Length == 2 && IPAddress.TryParse(pair[1], out IPAddress? address)) hosts.Add(new(pair[0], address.ToString()));
            else faults.Add($"add-hosts: \"{field}\" is not name=address");
        }

        return hosts;
    }

    long ReadShmSize()
    {
        string text = Text("shm-size", "0");
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)) return bytes;
        faults.Add($"shm-size: \"{text}\" is no number of bytes");
        return 0;
    }

    // "nofile=1024:2048,nproc=64"
    List<SolveUlimit> ReadUlimits()
    {
        var ulimits = new List<SolveUlimit>();
        foreach (string field in Fields("ulimit"))
        {
            string[] pair = field.Split('=', 2);
            string[] values = pair.Length == 2 ? pair[1].Split(':') : [];
            if (values.Length is 1 or 2 && TryLimit(values[0], out long soft) && TryLimit(values[^1], out long hard)) ulimits.Add(new(pair[0], soft, hard));
            else faults.Add($"ulimit: \"{field}\" is not name=soft[:hard]");
        }

        return ulimits;
    }

    static bool TryLimit(string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= -1;

    List<CacheReference> ReadCacheImports(SolveRequest request)
    {
        IEnumerable<CacheReference> asked = (request.Cache?.Imports ?? []).Select(Of)
            .Concat((request.Cache?.ImportRefsDeprecated ?? []).Select(Registry))
            .Concat(ReadCacheOption())
            .Concat(Text("cache-from", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Registry));
        var imports = new List<CacheReference>();
        // The solve and the frontend are told the same twice.
        foreach (CacheReference import in asked.DistinctBy(static import => (import.Type, import.Image)))
        {
            if (import.Type is "registry" && import.Image.Length > 0) imports.Add(import);
            else warnings.Add($"a cache of type {import.Type} cannot be imported, and is left out");
        }

        return imports;
    }

    IEnumerable<CacheReference> ReadCacheOption()
    {
        if (Text("cache-imports", "") is not { Length: > 0 } json) return [];
        try
        {
            return JsonSerializer.Deserialize(json, SolveJson.Default.CacheImportBodyArray)?
                .Select(static body => new CacheReference(body.Type ?? "", body.Attrs ?? new Dictionary<string, string>(StringComparer.Ordinal))) ?? [];
        }
        catch (JsonException e)
        {
            faults.Add($"cache-imports: {e.Message}");
            return [];
        }
    }

    void CheckCacheExports(SolveRequest request)
    {
        IEnumerable<string> types = (request.Cache?.Exports ?? []).Select(static entry => entry.Type);
        if (request.Cache?.ExportRefDeprecated is { Length: > 0 }) types = types.Append("registry");
        foreach (string type in types)
        {
            // What inline would write into an image stands there anyway: its history and its layers.
            if (type is not "inline") warnings.Add($"the cache cannot be exported (type {type}); steps are known to this engine alone");
        }
    }

    static CacheReference Of(CacheOptionsEntry entry) => new(entry.Type, entry.Attrs);

    static CacheReference Registry(string image) => new("registry", new Dictionary<string, string>(StringComparer.Ordinal) { ["ref"] = image });

    List<SolveOutput> ReadOutputs(SolveRequest request)
    {
        IReadOnlyList<Exporter> exporters = request.Exporters;
        if (exporters.Count == 0 && request.ExporterDeprecated.Length > 0)
        {
            var only = new Exporter { Type = request.ExporterDeprecated };
            only.Attrs.Add(request.ExporterAttrsDeprecated);
            exporters = [only];
        }

        if (request.EnableSessionExporter) faults.Add("outputs that the session adds are not supported");
        var outputs = new List<SolveOutput>();
        for (int i = 0; i < exporters.Count; i++)
            if (ReadOutput(i, exporters[i]) is { } output) outputs.Add(output);
        return outputs;
    }

    SolveOutput? ReadOutput(int index, Exporter exporter)
    {
        SolveOutputKind? kind = exporter.Type switch
        {
            "moby" or "image" => SolveOutputKind.Image,
            "docker" => SolveOutputKind.DockerArchive,
            "oci" => SolveOutputKind.OciArchive,
            "local" => SolveOutputKind.Directory,
            "tar" => SolveOutputKind.Tar,
            _ => null,
        };
        if (kind is null)
        {
            faults.Add($"output of type {exporter.Type} is not supported; there are image, docker, oci, local and tar");
            return null;
        }

        var output = new SolveOutput(index, kind.Value);
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in exporter.Attrs.OrderBy(static attr => attr.Key, StringComparer.Ordinal))
            output = Apply(output, exporter.Type, name, value, annotations);
        return output with { Annotations = annotations };
    }

    SolveOutput Apply(SolveOutput output, string type, string name, string value, Dictionary<string, string> annotations)
    {
        switch (name)
        {
            case "name":
                return output with { Names = value.Split(',', StringSplitOptions.RemoveEmptyEntries) };
            case "push":
                return output with { Push = IsYes(value) };
            case "registry.insecure":
                return output with { Insecure = IsYes(value) };
            case "compression":
                if (value is not ("gzip" or "zstd" or "uncompressed" or "estargz")) faults.Add($"output {type}: compression {value} is not known");
                if (value is "estargz") faults.Add($"output {type}: compression estargz is not supported; there are gzip, zstd and uncompressed");
                return output with { Compression = value };
            case "tar" when !IsYes(value):
                faults.Add($"output {type}: tar=false is not supported");
                return output;
            case "push-by-digest" when IsYes(value):
            case "mode" when value is "delete":
                faults.Add($"output {type}: {name}={value} is not supported");
                return output;
            default:
                if (AnnotationOf(name) is { } annotation) annotations[annotation] = value;
                else if (!IsIdle(name)) warnings.Add($"output {type}: {name}={value} is not supported, and left out");
                return output;
        }
    }

    // annotation.key, annotation-manifest.key, annotation-manifest[linux/amd64].key: one image has one manifest.
    static string? AnnotationOf(string name) =>
        name.StartsWith("annotation", StringComparison.Ordinal) && name.Split('.', 2) is ["annotation" or "annotation-manifest", { Length: > 0 } key] ? key : null;

    // What changes nothing here: the engine always stores what it makes, in layers that are there at once.
    static bool IsIdle(string name) => name is "unpack" or "store" or "tar" or "mode" or "dest" or "push-by-digest" or "name-canonical" or "dangling-name-prefix"
        or "danging-name-empty-only" or "prefer-image-digest" or "context" or "oci-mediatypes" or "buildinfo" or "buildinfo-attrs" or "platform-split"
        or "force-compression" or "compression-level" or "source-date-epoch" or "rewrite-timestamp";

    List<string> Fields(string option)
    {
        try
        {
            return CommaFields.Read(Text(option, ""));
        }
        catch (FormatException e)
        {
            faults.Add($"{option}: {e.Message}");
            return [];
        }
    }

    Dictionary<string, string> Prefixed(string prefix) => options
        .Where(option => option.Key.StartsWith(prefix, StringComparison.Ordinal) && option.Key.Length > prefix.Length)
        .ToDictionary(option => option.Key[prefix.Length..], static option => option.Value, StringComparer.Ordinal);

    string Text(string option, string whenMissing) => options.TryGetValue(option, out string? text) && text.Length > 0 ? text : whenMissing;

    bool Flag(string option) => options.TryGetValue(option, out string? text) && IsYes(text);

    // Go's strconv.ParseBool
    static bool IsYes(string text) => text is "1" or "t" or "T" or "true" or "TRUE" or "True";

    void ThrowFaults()
    {
        if (faults.Count > 0) throw StrakeException.Invalid(string.Join("; ", faults.Distinct(StringComparer.Ordinal)));
    }
}
