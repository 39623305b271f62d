using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Strake.Containers.Oci;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Keeps the filter programs that crun compiles from seccomp profiles. To compile Docker's default for an x86 machine and
/// the two older architectures that it also runs takes crun as long as all else that it does, for every container anew; a
/// program that is handed to it is loaded as it is.
/// </summary>
/// <remarks>
/// crun leaves the program in its state folder, for execs, and takes one from the annotation
/// <c>run.oci.seccomp_bpf_data</c> in the place of the profile. The profile stays in the spec: a crun that does not know
/// the annotation compiles it. Kept in memory: a new engine, and with it a new version of crun, learns anew.
/// </remarks>
sealed class SeccompFilters(OciRuntime runtime)
{
    const string Annotation = "run.oci.seccomp_bpf_data";
    const string FileName = "seccomp.bpf";

    // Profiles that users bring may each be another one.
    const int MostKept = 64;

    // struct sock_filter in linux/filter.h, and BPF_MAXINSNS of them.
    const int InstructionBytes = 8;
    const int MaxBytes = 4096 * InstructionBytes;

    readonly ConcurrentDictionary<string, string> programs = [];

    /// <summary>The spec with the program of its profile, if that is known.</summary>
    public OciSpec Apply(OciSpec spec)
    {
        if (KeyOf(spec) is not { } key || !programs.TryGetValue(key, out string? program))
            return spec;
        Dictionary<string, string> annotations = new(spec.Annotations ?? new Dictionary<string, string>());
        // What a user says in its place is the user's to say.
        annotations.TryAdd(Annotation, program);
        return spec with { Annotations = annotations };
    }

    /// <summary>Keeps the program that crun has compiled for a container's profile.</summary>
    /// <param name="spec">The container's spec, as it was made for it.</param>
    /// <param name="stateFolder">crun's state of the container, which has been created.</param>
    public void Learn(OciSpec spec, string stateFolder)
    {
        if (spec.Annotations?.ContainsKey(Annotation) == true || programs.Count >= MostKept || KeyOf(spec) is not { } key)
            return;
        using SafeFileHandle? file = Syscall.TryOpen($"{stateFolder}/{FileName}", OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (file is null || RandomAccess.GetLength(file) is not (> 0 and <= MaxBytes and var length) || length % InstructionBytes != 0)
            return;
        byte[] program = new byte[length];
        if (RandomAccess.Read(file, program, 0) == length)
            programs.TryAdd(key, Convert.ToBase64String(program));
    }

    string? KeyOf(OciSpec spec) => runtime.IsCrun && spec.Linux.Seccomp is { } profile
        ? Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(profile, OciJson.Default.OciSeccomp)))
        : null;
}
