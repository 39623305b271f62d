using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Strake.Daemon.Tests.Architecture;

/// <summary>What the trimmer leaves of the libraries that the published program brings.</summary>
/// <remarks>
/// A branch that the trimmer takes out of a catch block takes a finally with it that the block has nested, and a lock is kept for ever. Such branches
/// come from features that are switched off at build time.
/// </remarks>
public sealed class TrimmedProgramTests
{
    const byte Call = 0x28;

    // They leave the lock to another method that gives it back.
    static readonly string[] s_handOn =
    [
        "System.Collections.Concurrent.dll: ConcurrentBag`1.FreezeBag",
    ];

    [Fact]
    public void What_takes_a_lock_gives_it_back()
    {
        string trimmed = Path.Combine(SourceTree.Root, "eng", ".cache", "artifacts", "obj", "Strake.Cli", "release", "linked");
        Assert.SkipUnless(Directory.Exists(trimmed), "The program was not published: eng/build does it.");
        int locks = 0;
        List<string> keepers = [];
        foreach (string library in Directory.EnumerateFiles(trimmed, "*.dll"))
        {
            using var image = new PEReader(File.OpenRead(library));
            MetadataReader metadata = image.GetMetadataReader();
            // What the lock statement calls: Enter(object, ref bool) and Exit(object).
            HashSet<int> enter = [.. MonitorMethods(metadata, "Enter", parameters: 2)];
            HashSet<int> exit = [.. MonitorMethods(metadata, "Exit", parameters: 1)];
            foreach (MethodDefinition method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(static one => one.RelativeVirtualAddress != 0))
            {
                byte[] code = image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? [];
                int entered = Calls(code, enter);
                locks += entered;
                if (Calls(code, exit) < entered)
                    keepers.Add($"{Path.GetFileName(library)}: {metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}");
            }
        }

        Assert.True(locks > 100, $"only {locks} locks were found");
        Assert.Equal(s_handOn, keepers.Order(StringComparer.Ordinal));
    }

    static IEnumerable<int> MonitorMethods(MetadataReader metadata, string name, int parameters)
    {
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind is not HandleKind.TypeReference || metadata.GetString(member.Name) != name || Parameters(metadata, member.Signature) != parameters) continue;
            if (metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) is "Monitor") yield return MetadataTokens.GetToken(handle);
        }

        // Where the class itself is.
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            if (metadata.GetString(method.Name) != name || Parameters(metadata, method.Signature) != parameters) continue;
            if (metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name) is "Monitor") yield return MetadataTokens.GetToken(handle);
        }
    }

    // ECMA-335, II.23.2.1: the calling convention, the number of parameters.
    static int Parameters(MetadataReader metadata, BlobHandle signature)
    {
        BlobReader reader = metadata.GetBlobReader(signature);
        reader.ReadSignatureHeader();
        return reader.ReadCompressedInteger();
    }

    static int Calls(byte[] code, HashSet<int> methods)
    {
        int count = 0;
        for (int at = 0; at + 5 <= code.Length; at++)
            if (code[at] == Call && methods.Contains(BitConverter.ToInt32(code, at + 1))) count++;
        return count;
    }
}
