using System.Buffers.Text;
using System.Text;

namespace Strake.Containers.Spec;

/// <summary>Fields between colons.</summary>
static class Colons
{
    public static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)':');
        ReadOnlySpan<byte> field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    public static bool TryNumber(ReadOnlySpan<byte> field, out uint number) =>
        Utf8Parser.TryParse(field, out number, out int used) && used == field.Length && used > 0;
}
