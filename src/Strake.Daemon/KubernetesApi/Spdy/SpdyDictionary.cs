using System.Buffers.Binary;
using System.Text;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The words that the compression of SPDY's headers begins with.</summary>
/// <remarks>draft-mbelshe-httpbis-spdy-00, 2.6.10.1: words with their lengths before them, and then what stands in headers' values.</remarks>
static class SpdyDictionary
{
    /// <summary>Its Adler-32, by which a stream names it.</summary>
    public const uint Checksum = 0xe3c6a7c2;

    const string Words =
        "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection "
        + "content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host "
        + "if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization "
        + "range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version "
        + "HTTP/1.1 url public set-cookie keep-alive origin";

    const string Rest =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content"
        + "301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
        + "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
        + "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,public"
        + "privatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    /// <summary>The dictionary.</summary>
    public static byte[] Bytes { get; } = Make();

    static byte[] Make()
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (string word in Words.Split(' '))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, word.Length);
            bytes.Write(length);
            bytes.Write(Encoding.ASCII.GetBytes(word.Replace('_', ' ')));
        }

        bytes.Write(Encoding.ASCII.GetBytes(Rest));
        return bytes.ToArray();
    }
}
